"""Companies, which follow from the domains of e-mail addresses."""

from __future__ import annotations

from ..bench import Bench

ROWS = "Email\na@quartz.example\nB@Quartz.Example\nc@mail.pyrite.example\n"


def test_an_import_brings_companies(bench: Bench) -> None:
    known = bench.get("/path/company")["totalElements"]
    bench.run(ROWS)
    page = bench.get("/path/company?keyword=quartz")
    [company] = page["content"]
    assert company == {
        "id": company["id"],
        "domain": "quartz.example",
        "displayName": None,
        "peopleCount": 2,
    }
    assert bench.get(f"/path/company/{company['id']}") == company
    people = bench.get(f"/path/company/{company['id']}/person")
    assert people["totalElements"] == 2
    assert bench.get(f"/path/person?companyId={company['id']}")["content"] == people["content"]
    assert bench.get("/path/company")["totalElements"] == known + 2


def test_people_of_companies_are_all_people_with_a_company(bench: Bench) -> None:
    bench.run(ROWS)
    page = bench.get("/path/company?pageSize=100")
    assert [company["domain"] for company in page["content"]] == sorted(
        company["domain"] for company in page["content"]
    )
    total = bench.get("/path/person")["totalElements"]
    assert sum(company["peopleCount"] for company in page["content"]) == total
    bench.send("PATCH", "/path/person/1", json={"removeCompany": True})
    page = bench.get("/path/company?pageSize=100")
    assert sum(company["peopleCount"] for company in page["content"]) == total - 1


def test_a_company_is_renamed_for_all_but_those_with_a_name_of_their_own(bench: Bench) -> None:
    bench.run("Email,Company\na@quartz.example,\nb@quartz.example,Own\n", ("EMAIL", "COMPANY_NAME"))
    [company] = bench.get("/path/company?keyword=quartz")["content"]
    path = f"/path/company/{company['id']}"
    renamed = bench.do("PUT", path, {"displayName": "Rose Quartz"})
    assert renamed == {**company, "displayName": "Rose Quartz"}
    people = bench.get(f"{path}/person")["content"]
    assert [person["company"]["displayName"] for person in people] == ["Rose Quartz", "Own"]
    assert bench.get("/path/company?keyword=ROSE")["totalElements"] == 1
    [error] = bench.refuse("PUT", path, json={"displayName": " "})
    assert error["field"] == "displayName"


def test_a_company_leaves_the_list_with_its_last_person(bench: Bench) -> None:
    bench.run("Email\nlone@topaz.example\n")
    [company] = bench.get("/path/company?keyword=topaz")["content"]
    [person] = bench.get(f"/path/company/{company['id']}/person")["content"]
    bench.send("DELETE", f"/path/person/{person['id']}")
    assert bench.get("/path/company?keyword=topaz")["content"] == []
    assert bench.get(f"/path/company/{company['id']}")["peopleCount"] == 0
