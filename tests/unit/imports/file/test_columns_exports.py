"""Columns of exports: the headers of many programs and languages, and what each is for.

In the tables below a column is `header = field | value of a row`; one without a field is not
used.
"""

# ruff: noqa: RUF001 - headers are written with the letters that they have

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest

from talkvalue_cli.imports.file import columns

FIELDS = {
    "e": "EMAIL", "f": "FIRST_NAME", "l": "LAST_NAME", "n": "NAME", "p": "PHONE",
    "t": "JOB_TITLE", "c": "COMPANY_NAME", "a": "ADDRESS", "li": "LINKEDIN_URL", "x": "X_URL",
    "j": "JOINED_AT",
}  # fmt: skip
PEOPLE = (
    {
        "e": "ada@example.org", "f": "Ada", "l": "Lindqvist", "n": "Ada Lindqvist",
        "p": "+46 70 174 06 05", "t": "Engineer", "c": "Nordlicht AB", "a": "Storgatan 1",
        "li": "https://www.linkedin.com/in/ada", "x": "https://x.com/ada", "j": "2026-03-10",
    },
    {
        "e": "bjorn@example.org", "f": "Björn", "l": "Ängström", "n": "Björn Ängström",
        "p": "+46 8 123 456", "t": "Head of Events", "c": "Åkeson", "a": "Lilla gatan 2",
        "li": "https://www.linkedin.com/in/bjorn", "x": "https://x.com/bjorn", "j": "2026-03-11",
    },
    {
        "e": "chloe@example.org", "f": "Chloé", "l": "Dubois", "n": "Chloé Dubois",
        "p": "+33 6 12 34 56 78", "t": "Directrice", "c": "Café Crème", "a": "Rue Haute 3",
        "li": "https://www.linkedin.com/in/chloe", "x": "https://x.com/chloe", "j": "2026-03-12",
    },
)  # fmt: skip
#: values of columns that are not used
OTHER = {
    "EMAIL2": ("host@example.net", "host@example.net", "boss@example.net"),
    "SOME": ("", "gus@example.net", ""),
    "NAME2": ("Host One", "Host One", "Boss Two"),
    "PHONE2": ("+46 8 999 999", "+46 8 999 999", "+46 8 999 991"),
    "DATE2": ("2026-05-01", "2026-05-01", "2026-05-02"),
    "COMPANY2": ("Other Ltd", "Other Ltd", "Third Ltd"),
    "YES": ("Yes", "No", "Yes"),
    "MR": ("Mr.", "Ms.", "Dr."),
    "N": ("10", "11", "12"),
    "ORDER": ("#1001", "#1002", "#1003"),
    "ID": ("100123451", "100123452", "100123453"),
    "T": ("General", "VIP", "General"),
    "R": ("Organizer", "Attendee", "Attendee"),
    "": ("", "", ""),
}

EXPORTS = {
    "zoom registrants": "First Name=f, Last Name=l, Email=e, Registration Time=j, "
    "Approval Status:T, Organization=c, Job Title=t, Phone=p, Country/Region:T",
    "teams attendance": "Name=n, First Join:DATE2, Last Leave:DATE2, In-Meeting Duration:N, "
    "Email=e, Participant ID (UPN):EMAIL2, Role:R",
    "gotowebinar": "Attended:YES, First Name=f, Last Name=l, Email Address=e, "
    "Registration Date/Time=j, Unsubscribed:YES, Interest Rating:N",
    "cvent": "Full Name=n, First Name=f, Last Name=l, Email Address=e, Company=c, Title=t, "
    "Registration Date=j, Invitee Status:T, Work Phone=p, Planner Email:EMAIL2",
    "calendly": "User Name:NAME2, User Email:EMAIL2, Invitee Name=n, Invitee First Name=f, "
    "Invitee Last Name=l, Invitee Email=e, Event Type Name:T, Start Date & Time:DATE2, "
    "Event Created Date & Time=j, Canceled:YES",
    "event of its own": "Name=n, Email=e, Event Created:DATE2, Event Start Date:DATE2",
    "meetup attendees": "Name=n, Email=e, User ID:ID, Title:R, RSVP:YES, RSVPed on=j, "
    "Joined Group on:DATE2, Joined Meetup:DATE2",
    "meetup members": "Name=n, Email=e, Joined Group on=j, Joined Meetup on:DATE2, "
    "Last visited group on:DATE2",
    "discord": "Name=n, Email=e, Joined Server=j, Joined Discord:DATE2, Account Created:DATE2",
    "tito tickets": "Order Email:EMAIL2, Ticket Full Name=n, Ticket Email=e, "
    "Ticket Created Date=j, Ticket Last Updated Date:DATE2, Order Created Date:DATE2",
    "guests of some": "Full Name=n, Email Address=e, Company=c, Guest Full Name:NAME2, "
    "Guest Email Address:SOME, Guest Phone:PHONE2",
    "guests whose names are last": "Email=e, Name=n, Guest Email:SOME, Guest First Name:T, "
    "Guest Last Name:T",
    "guests without addresses": "Name=n, Email=e, Phone:, Guest Name:NAME2, Guest Phone:PHONE2, "
    "Guest Company:COMPANY2",
    "guests with parts of names": "Name=n, Email=e, Guest First Name:T, Guest Last Name:R",
    "guests of a company": "Name=n, Email=e, Guest Name:NAME2, Guest Email:SOME, "
    "Guest Company:COMPANY2, Guest Job Title:T",
    "tickets of events": "Name:T, Attendee Name=n, Email=e, Event:T",
    "names of attendees alone": "Email=e, Attendee Name=n, Attendee Company=c",
    "a booker without a title": "Name:NAME2, Email:EMAIL2, Phone:PHONE2, Attendee Email=e, "
    "Attendee First Name=f, Attendee Last Name=l, Company=c",
    "a booker without a title whose name is the only one": "Name:NAME2, Email:EMAIL2, "
    "Attendee Email=e",
    "form of an event": "Name=n, Email=e, Registered for event on=j, Form submitted on:DATE2",
    "hubspot": "Record ID:ID, First Name=f, Last Name=l, Email=e, Phone Number=p, "
    "Contact owner:NAME2, Lead Status:T, Marketing contact status:YES, Create Date=j, "
    "Associated Company=c, Last Activity Date:DATE2",
    "brevo": "ID:ID, EMAIL=e, FIRSTNAME=f, LASTNAME=l, SMS=p, ADDED_TIME=j, "
    "MODIFIED_TIME:DATE2",
    "convertkit": "first_name=f, email_address=e, created_at=j, state:T",
    "google contacts new": "First Name=f, Middle Name:NAME2, Last Name=l, "
    "Phonetic First Name:NAME2, Name Prefix:MR, Name Suffix:, Nickname:NAME2, File As:NAME2, "
    "Organization Name=c, Organization Title=t, Organization Department:T, Birthday:DATE2, "
    "E-mail 1 - Label:T, E-mail 1 - Value=e, E-mail 2 - Label:T, E-mail 2 - Value:EMAIL2, "
    "Phone 1 - Label:T, Phone 1 - Value=p, Address 1 - Label:T, Address 1 - Formatted=a, "
    "Website 1 - Value:",
    "outlook in German": "Anrede:MR, Vorname=f, Weitere Vornamen:NAME2, Nachname=l, Suffix:, "
    "Firma=c, Abteilung:T, Position=t, Straße geschäftlich=a, Ort geschäftlich:T, "
    "Land/Region geschäftlich:T, Fax geschäftlich:PHONE2, Telefon geschäftlich:PHONE2, "
    "Mobiltelefon=p, E-Mail-Adresse=e, E-Mail-Typ:T, E-Mail: Angezeigter Name:NAME2, "
    "Geburtstag:DATE2, Jahrestag:DATE2",
    "zoho crm": "Record Id:ID, Contact Owner:NAME2, Lead Source:T, First Name=f, Last Name=l, "
    "Account Name=c, Email=e, Title=t, Department:T, Phone=p, Home Phone:PHONE2, "
    "Mobile:PHONE2, Fax:PHONE2, Date of Birth:DATE2, Assistant:NAME2, Asst Phone:PHONE2, "
    "Created Time=j, Modified Time:DATE2, Email Opt Out:YES",
    "shopify": "Customer ID:ID, First Name=f, Last Name=l, Email=e, Accepts Email Marketing:YES, "
    "Default Address Company=c, Default Address Address1=a, Default Address City:T, "
    "Phone=p, Accepts SMS Marketing:YES, Total Spent:N, Total Orders:N, Note:, Tax Exempt:YES",
    "woocommerce": "Order Number:ID, Order Status:T, Order Date=j, Billing First Name=f, "
    "Billing Last Name=l, Billing Company=c, Billing Email=e, Billing Phone=p, "
    "Shipping Address:T",
    "eventbrite with purchaser": "Order #:ID, Purchaser First Name:NAME2, "
    "Purchaser Last Name:NAME2, Purchaser Email:EMAIL2, Attendee First Name=f, "
    "Attendee Last Name=l, Attendee Email=e, Ticket Type:T, Order Date=j",
    "only a buyer": "Order ID:ID, Buyer Name=n, Buyer Email=e, Buyer Phone=p, Event Name:T",
    "microsoft forms": "ID:N, Start time:DATE2, Completion time=j, Email=e, Name=n, "
    "Company Name=c, Job Title=t",
    "microsoft forms in German": "ID:N, Startzeit:DATE2, Fertigstellungszeit=j, E-Mail=e, "
    "Name=n, Unternehmen=c",
    "surveymonkey": "Respondent ID:ID, Collector ID:ID, Start Date:DATE2, End Date:DATE2, "
    "IP Address:N, Email Address=e, First Name=f, Last Name=l, Custom Data 1:",
    "jotform": "Submission Date=j, First Name=f, Last Name=l, E-mail=e, Phone Number=p, "
    "Which session will you attend?:T",
    "meetup": "Name=n, User ID:ID, Title:R, Event Host:YES, RSVP:YES, Guests:N, RSVPed on=j, "
    "Email=e",
    "linkedin leads": "Email=e, First Name=f, Last Name=l, Company Name=c, Job Title=t, "
    "Campaign Name:T, Form Name:T, Lead Type:T, Created At=j",
    "school": "Student First Name=f, Student Last Name=l, Student Email=e, Parent Name:NAME2, "
    "Parent Email:EMAIL2, Emergency Contact:NAME2, Emergency Contact Phone:PHONE2, "
    "Enrollment Date=j",
    "crm with rep": "Contact Name=n, Contact Email=e, Contact Phone=p, Company=c, "
    "Company Phone:PHONE2, Company Website:, Sales Rep:NAME2, Sales Rep Email:EMAIL2, "
    "Owner Email:EMAIL2, Company Founded:DATE2, Last Modified:DATE2, Last Contacted:DATE2",
    "opt-in columns": "Email opt-in:YES, Email status:T, Email=e, SMS opt-in:YES, "
    "Email Verified At:DATE2, Email domain:T",
    "personal and work": "Personal Email:EMAIL2, Work Email=e, Home Phone:PHONE2, "
    "Mobile Phone=p, Work Phone:PHONE2, Fax:PHONE2",
    "primary and secondary": "Secondary Email:EMAIL2, Primary Email=e, Alternate Email:EMAIL2, "
    "Other Phone:PHONE2, Primary Phone=p",
    "numbers": "Email 2:EMAIL2, Email 1=e, Phone 2:PHONE2, Phone 1=p, Address Line 1=a, "
    "Address Line 2:T",
    "questions": "What is your first name?=f, And your last name?=l, "
    "What's the best email address to reach you?=e, Where do you work?=c, "
    "What is your job title?=t, Please provide your phone number=p, "
    "Link to your LinkedIn profile=li",
    "camel": "id:ID, givenName=f, familyName=l, emailAddress=e, companyName=c, jobTitle=t, "
    "mobilePhone=p, linkedInUrl=li, twitterHandle=x, createdAt=j, updatedAt:DATE2",
    "prefixed": "user.first_name=f, user.last_name=l, user.email=e, user.created_at=j, "
    "user.last_login_at:DATE2",
    "upper": "FIRST NAME=f, LAST NAME=l, EMAIL ADDRESS=e, COMPANY/ORGANIZATION=c, TEL.=p",
    "marked": "*First Name=f, Last Name (required)=l, E-Mail [required]=e, Phone (optional)=p, "
    "Company:=c, „Position“=t",
    "full width": "Ｎａｍｅ=n, Ｅｍａｉｌ=e, Ｃｏｍｐａｎｙ=c",
    "x and linkedin": "Name=n, Email=e, LinkedIn URL=li, X (Twitter)=x, Company LinkedIn:T",
    "whova": "First Name=f, Last Name=l, Email=e, Affiliation=c, Position=t, Ticket Type:T, "
    "Ordered By:NAME2, Order Email:EMAIL2, Registration Date=j",
    "gravity forms": "Name (Prefix):MR, Name (First)=f, Name (Last)=l, Email=e, Phone=p, "
    "Address (Street Address)=a, Address (City):T, Entry Date=j, Entry Id:ID, Source Url:, "
    "Consent (Consent):YES",
    "explained in brackets": "Name (first and last)=n, Email (we never share it)=e, "
    "Registered (date)=j, Phone (with country code)=p, Address (Country):T, Email (parent):EMAIL2",
    "parts of names in brackets": "名前（姓）=l, 名前（名）=f, メール=e",
    "form in German": "Zeitstempel=j, Wie heißen Sie?=n, Wie lautet Ihre E-Mail-Adresse?=e, "
    "In welcher Firma arbeiten Sie?=c, Was ist Ihre Position?=t",
    "form in French": "Horodateur=j, Votre nom et prénom=n, Quelle est votre adresse mail ?=e, "
    "Votre numéro de téléphone portable=p",
    "form in Spanish": "Marca temporal=j, ¿Cómo te llamas?=n, ¿Cuál es tu correo electrónico?=e, "
    "¿En qué empresa trabajas?=c",
    "form in Portuguese": "Qual é o seu nome completo?=n, Qual é o seu e-mail?=e",
    "form in Dutch": "Hoe heet je?=n, Wat is je e-mailadres?=e, Wat is je functie?=t",
    "form in Swedish": "Tidsstämpel=j, Vad heter du?=n, Vad är din e-postadress?=e",
    "form in Russian": "Отметка времени=j, Как вас зовут?=n, Ваш адрес электронной почты=e",
    "form in Turkish": "Zaman damgası=j, Adınız Soyadınız=n, E-posta adresiniz=e",
    "form in Japanese": "タイムスタンプ=j, お名前を教えてください=n, "
    "メールアドレスを入力してください=e",
    "form in Chinese": "提交答卷时间=j, 您的姓名=n, 请输入您的邮箱=e, 您的手机号=p",
    "kinds in brackets": "Email (Personal):EMAIL2, Email (Work)=e, Phone (Home):PHONE2, "
    "Phone (Mobile)=p, Name (as on badge)=n, Name (Emergency contact):NAME2",
    "salesforce leads": "First Name=f, Last Name=l, Title=t, Company / Account=c, Email=e, "
    "Lead Source:T, Street=a, Phone=p, Mobile:PHONE2, Lead Owner:NAME2, "
    "Create Date=j, Last Activity:DATE2, Converted:YES, Unread By Owner:YES",
    "paypal": "Date:DATE2, Time:N, Name=n, Type:T, Status:T, From Email Address=e, "
    "To Email Address:EMAIL2, Transaction ID:ID",
    "stripe": "id:ID, Description:T, Email=e, Name=n, Created (UTC)=j, Delinquent:YES, "
    "Card ID:ID, Currency:T",
    "login is the address": "Username=e, Full name=n, Role:R, Last Sign In:DATE2",
    "azure ad": "displayName=n, userPrincipalName=e, givenName=f, surname=l, jobTitle=t, "
    "department:T, companyName=c, mobilePhone=p, createdDateTime=j, accountEnabled:YES",
    "google workspace": "First Name [Required]=f, Last Name [Required]=l, "
    "Email Address [Required]=e, Status [READ ONLY]:T, Last Sign In [READ ONLY]:DATE2, "
    "Work Phone=p, Employee Title=t",
    "guests": "Guest=n, Email=e, Plus One:YES, Table:N",
    "two languages": "성명 / Name=n, 이메일 / Email=e, 회사 / Company=c, 직책 / Position=t",
    "two languages in French": "Prénom / First name=f, Nom / Last name=l, Courriel / Email=e, "
    "Société / Company=c, Fonction / Job title=t, Téléphone / Phone=p",
    "two languages in Japanese": "氏名 Name=n, メール Email=e, 会社名 Company Name=c",
    "odd signs": "📧 E–Mail=e, ☎ Telephone:=p, ➤ Company*=c, Full\u00a0Name=n",
    "one field in several words": "Job Title=t, Position:T, Company=c, Organization:COMPANY2, "
    "Email=e, Phone=p, Telephone:PHONE2, Registration Date=j, Opt-in Date:DATE2",
    "swapcard and the like": "Registered at=j, Joined at:DATE2, Email=e, custom_company=c, "
    "Time joined:DATE2",
    "typeform": "#:ID, Hi! What's your *first name*?=f, "
    "Nice to meet you {{field:abc}}. And your last name?=l, And {{field:abc}}'s email?=e",
    "parts behind the whole": "Full Name - First Name=f, Full Name - Last Name=l, E-mail=e",
    "parts behind the whole in German": "Teilnehmername: Vorname=f, Teilnehmername: Nachname=l, "
    "Teilnehmer-E-Mail=e, Rechnungsadresse: Vorname:NAME2",
    "all of a buyer": "Name:ORDER, Email=e, Created at=j, Billing Name=n, Billing Company=c, "
    "Vendor:T",
    "a buyer beside somebody": "Email=e, First name=f, Last name=l, Billing Name:NAME2, "
    "Billing Company:COMPANY2",
    "salesforce in French": "Civilité:MR, Prénom=f, Nom=l, Nom du compte=c, E-mail=e, "
    "Date de création=j",
    "salesforce in Japanese": "姓=l, 名=f, 役職=t, 取引先名=c, メール=e, 所有者:NAME2, 作成日=j",
    "xing": "Vorname=f, Nachname=l, E-Mail geschäftlich=e, Kontakt seit=j",
    "connpass": "表示名:NAME2, アンケート 1 : メールアドレス=e, アンケート 2 : お名前=n",
    "form of peatix": "フォーム：会社名=c, フォーム：役職=t, メールアドレス=e",
    "wenjuanxing": "4、您所在的公司：=c, 3、您的邮箱：=e, 提交答卷时间=j",
    "company asked for in German": "Für welche Firma arbeitest du?=c, E-Mail-Adresse=e",
    "company asked for in French": "Dans quelle entreprise travaillez-vous ?=c, "
    "Quelle est votre fonction au sein de l'entreprise ?=t, Votre e-mail=e",
    "company asked for in Italian": "Per quale azienda lavori?=c, Indirizzo email=e",
    "company asked for in Polish": "W jakiej firmie pracujesz?=c, Podaj swój adres e-mail=e",
    "company asked for in Swedish": "Vilket företag jobbar du på?=c, E-postadress=e",
    "company asked for in Russian": "В какой компании вы работаете?=c, Укажите ваш email=e",
    "asked for in Korean": "성함을 알려주세요=n, 이메일을 알려주세요=e, "
    "휴대전화번호를 남겨주세요=p",
    "phone asked for in German": "Unter welcher Telefonnummer können wir Sie erreichen?=p, "
    "Bitte gib deine E-Mail-Adresse ein=e",
    "hubspot in German": "Vorname=f, E-Mail=e, Name des Unternehmens=c, Erstelldatum=j",
    "linkedin in German": "Vorname=f, Nachname=l, E-Mail-Adresse=e, Verbunden am=j",
    "linkedin in French": "Prénom=f, Nom=l, Adresse e-mail=e, Connecté le=j",
    "salesforce in Spanish": "Nombre=f, Apellidos=l, Compañía/Cuenta=c, Correo electrónico=e",
    "company asked for in Portuguese": "Empresa onde você trabalha=c, E-mail=e",
    "microsoft forms in Dutch": "Begintijd:DATE2, Tijd van voltooien=j, E-mail=e, Naam=n",
    "microsoft forms in Swedish": "Starttid:DATE2, Slutförandetid=j, E-post=e, Namn=n",
    "microsoft forms in Chinese": "开始时间:DATE2, 完成时间=j, 电子邮件=e, 名称=n",
    "patreon": "Name=n, Email=e, Patronage Since Date=j, Last Charge Date:DATE2",
    "badge": "Your name as it should appear on your badge=n, Your e-mail address=e",
    "gender and the like": "E-mail=e, Name=n, Name of your pet:T, Gender:T, Pronouns:T, "
    "T-shirt size:T, Dietary requirements:T, How did you hear about us?:T, Title of talk:T",
    "webex": "Registration ID:ID, First name=f, Last name=l, Email=e, Registration time=j, "
    "Approval status:T, Attended:YES, Attendance duration:N, Network joined from:T",
    "ticket tailor": "Order ID:ID, Order date=j, Buyer name:NAME2, Buyer email:EMAIL2, "
    "Ticket holder name=n, Ticket holder email=e, Ticket description:T, Ticket code:ID",
    "weeztix in Dutch": "Bestelnummer:ID, Besteldatum=j, Naam koper:NAME2, "
    "E-mailadres koper:EMAIL2, Naam deelnemer=n, E-mailadres deelnemer=e",
    "pretix": "Order code:ID, Email:EMAIL2, Attendee name=n, Attendee email=e, "
    "Invoice address company:COMPANY2, Order date=j",
    "xing in German": "Teilnehmer-ID:ID, Vorname=f, Nachname=l, E-Mail=e, Firma=c, "
    "Position=t, Registriert am=j, Ticketart:T, Rechnungsempfänger:NAME2",
    "meetup in Spanish": "Nombre del asistente=n, Correo del asistente=e, "
    "Nombre del comprador:NAME2, Correo del comprador:EMAIL2, Fecha del evento:DATE2",
    "sympla in Portuguese": "Nº ingresso:ID, Nome=f, Sobrenome=l, Tipo de ingresso:T, "
    "Email=e, Data compra=j, Nome do comprador:NAME2, Email do comprador:EMAIL2",
    "peatix in Japanese": "注文番号:ID, 名前=n, メールアドレス=e, チケット名:T, 申込日時=j, "
    "所属=c, 主催者メールアドレス:EMAIL2, 最終更新日:DATE2",
    "festa in Korean": "번호:N, 신청자 이름=n, 신청자 이메일=e, 신청자 연락처=p, 소속=c, "
    "신청일시=j, 결제 상태:T, 주최자 이메일:EMAIL2",
    "huodongxing in Chinese": "订单号:ID, 姓名=n, 手机=p, 邮箱=e, 公司=c, 职位=t, 报名时间=j, "
    "票种:T, 主办方邮箱:EMAIL2, 是否签到:YES",
    "timepad in Russian": "Номер заказа:ID, Фамилия=l, Имя=f, E-mail=e, Телефон=p, "
    "Компания=c, Должность=t, Дата регистрации=j, E-mail покупателя:EMAIL2, Статус:T",
    "biletino in Turkish": "Sipariş No:ID, Katılımcı Adı Soyadı=n, Katılımcı E-posta=e, "
    "Alıcı E-posta:EMAIL2, Etkinlik Tarihi:DATE2, Sipariş Tarihi=j",
    "evenea in Polish": "Numer zamówienia:ID, Imię i nazwisko uczestnika=n, "
    "E-mail uczestnika=e, E-mail kupującego:EMAIL2, Data wydarzenia:DATE2, Data zakupu=j",
    "danish": "Fornavn=f, Efternavn=l, E-mail=e, Mobilnummer=p, Virksomhed=c, Stilling=t, "
    "Tilmeldingsdato=j, Fødselsdato:DATE2",
    "norwegian": "Fornavn=f, Etternavn=l, E-post=e, Mobil=p, Bedrift=c, Stillingstittel=t, "
    "Påmeldt=j",
    "finnish": "Etunimi=f, Sukunimi=l, Sähköposti=e, Puhelin=p, Yritys=c, Titteli=t, "
    "Ilmoittautumispäivä=j, Syntymäaika:DATE2",
    "czech": "Jméno=f, Příjmení=l, E-mail=e, Telefon=p, Společnost=c, Pozice=t, "
    "Datum registrace=j, Datum narození:DATE2",
    "hungarian": "Vezetéknév=l, Keresztnév=f, E-mail cím=e, Telefonszám=p, Cégnév=c, "
    "Beosztás=t, Regisztráció dátuma=j, Születési dátum:DATE2",
    "ukrainian": "Ім'я=f, Прізвище=l, Електронна пошта=e, Телефон=p, Компанія=c, Посада=t",
    "greek": "Όνομα=f, Επώνυμο=l, Email=e, Κινητό=p, Εταιρεία=c, Θέση=t",
    "arabic": "الاسم الأول=f, اسم العائلة=l, البريد الإلكتروني=e, رقم الجوال=p, الشركة=c",
    "hebrew": "שם פרטי=f, שם משפחה=l, אימייל=e, טלפון נייד=p, חברה=c, תפקיד=t",
    "indonesian": "Nama Lengkap=n, Alamat Email=e, Nomor HP=p, Instansi=c, Jabatan=t",
    "vietnamese": "Họ và tên=n, Email=e, Số điện thoại=p, Công ty=c, Chức vụ=t, Ngày sinh:DATE2",
    "thai": "ชื่อ-นามสกุล=n, อีเมล=e, เบอร์โทรศัพท์=p, บริษัท=c, ตำแหน่ง=t",
    "romanian": "Prenume=f, Nume=l, Adresa de e-mail=e, Telefon=p, Firma=c, Funcția=t",
    "german": "Anrede:MR, Titel:MR, Vorname=f, Name=l, E-Mail-Adresse=e, Firma=c, Funktion=t, "
    "Straße=a, PLZ:N, Ort:T, Land:T, Mobil=p, Telefax:PHONE2, Geburtsdatum:DATE2, "
    "Angemeldet am=j, Letzte Änderung:DATE2, Newsletter:YES",
    "german compounds": "Teilnehmername=n, Teilnehmer-E-Mail=e, Rechnungsadresse:T, "
    "Rechnungs-E-Mail:EMAIL2, Veranstaltungsdatum:DATE2, Bestelldatum=j",
    "french": "Civilité:MR, Prénom=f, Nom=l, Adresse e-mail=e, Téléphone portable=p, "
    "Raison sociale=c, Poste=t, Adresse postale=a, Code postal:N, Ville:T, "
    "Date d’inscription=j, Date de naissance:DATE2",
    "french whole name": "Nom=n, Courriel=e, Entreprise=c",
    "french participants": "Prénom du participant=f, Nom du participant=l, "
    "E-mail du participant=e, Nom de l'acheteur:NAME2, E-mail de l'acheteur:EMAIL2, "
    "Date de commande=j",
    "spanish": "Tratamiento:MR, Nombre=f, Apellidos=l, Correo electrónico=e, Móvil=p, "
    "Nombre de la empresa=c, Puesto=t, Dirección=a, Fecha de registro=j, "
    "Fecha de nacimiento:DATE2",
    "italian": "Titolo:MR, Nome=f, Cognome=l, Indirizzo e-mail=e, Cellulare=p, "
    "Ragione sociale=c, Qualifica=t, Indirizzo=a, Data di iscrizione=j, Data di nascita:DATE2",
    "portuguese": "Nome=f, Sobrenome=l, Endereço de e-mail=e, Celular=p, Empresa=c, Cargo=t, "
    "Endereço=a, Data de inscrição=j, Data de nascimento:DATE2",
    "portuguese with postal code": "Nome completo=n, E-mail=e, Telefone=p, CEP:N, CPF:ID, Cidade=a",
    "english words that mean something elsewhere": "Full Name=n, Email=e, Ad:T, Post:T, "
    "Gate:T, Via:T, By:T, Cargo:T, Ten:T, HP:PHONE2",
    "portuguese whole name": "Carimbo de data/hora=j, Nome completo=n, E-mail=e, Telemóvel=p",
    "dutch": "Aanhef:MR, Voornaam=f, Tussenvoegsel:T, Achternaam=l, E-mailadres=e, "
    "Mobiel nummer=p, Bedrijfsnaam=c, Functie=t, Postcode:N, Inschrijfdatum=j, "
    "Geboortedatum:DATE2",
    "swedish": "Förnamn=f, Efternamn=l, E-postadress=e, Mobiltelefon=p, Företagsnamn=c, "
    "Befattning=t, Anmälningsdatum=j, Födelsedatum:DATE2",
    "polish": "Imię=f, Nazwisko=l, Adres e-mail=e, Telefon komórkowy=p, Nazwa firmy=c, "
    "Stanowisko=t, Data rejestracji=j, Data urodzenia:DATE2",
    "russian": "Имя=f, Фамилия=l, Отчество:NAME2, Эл. почта=e, Мобильный телефон=p, "
    "Компания=c, Должность=t, Дата регистрации=j, Дата рождения:DATE2",
    "russian whole name": "ФИО участника=n, Электронная почта=e, Организация=c",
    "turkish": "Ad=f, Soyad=l, E-posta adresi=e, Cep telefonu=p, Şirket adı=c, Unvan=t, "
    "Kayıt tarihi=j, Doğum tarihi:DATE2",
    "turkish upper case": "ADI SOYADI=n, E-POSTA=e, ŞİRKET=c",
    "japanese": "氏名=n, 氏名（フリガナ）:NAME2, メールアドレス=e, 電話番号=p, 会社名=c, "
    "部署名:T, 役職=t, 申込日時=j, 生年月日:DATE2",
    "japanese parts": "姓=l, 名=f, セイ:NAME2, メイ:NAME2, Eメール=e, 携帯電話番号=p, 御社名=c",
    "japanese roles": "参加者氏名=n, 参加者メールアドレス=e, 購入者氏名:NAME2, "
    "購入者メールアドレス:EMAIL2, イベント開催日:DATE2, 注文日時=j",
    "korean": "성명=n, 이메일 주소=e, 휴대폰 번호=p, 회사명=c, 부서:T, 직급=t, 신청일시=j, "
    "생년월일:DATE2",
    "korean roles": "참가자 이름=n, 참가자 이메일=e, 구매자 이름:NAME2, 구매자 이메일:EMAIL2, "
    "행사 날짜:DATE2",
    "bulgarian": "Име=f, Фамилия=l, Имейл=e, Фирма=c, Длъжност=t, Дата на раждане:DATE2",
    "croatian": "Ime=f, Prezime=l, E-pošta=e, Tvrtka=c, Radno mjesto=t, Datum rođenja:DATE2",
    "slovak": "Meno=f, Priezvisko=l, E-mail=e, Spoločnosť=c, Pozícia=t, Dátum registrácie=j",
    "chinese": "姓名=n, 电子邮箱=e, 手机号码=p, 公司名称=c, 职务=t, 报名时间=j, 出生日期:DATE2, "
    "性别:T",
    "chinese roles": "参会人姓名=n, 参会人邮箱=e, 购买人姓名:NAME2, 购买人邮箱:EMAIL2, "
    "活动时间:DATE2",
    "traditional chinese": "姓名=n, 電子郵件=e, 手機號碼=p, 公司名稱=c, 職稱=t, 報名時間=j, "
    "出生日期:DATE2",
}  # fmt: skip


def read_export(text: str) -> tuple[list[str], list[list[str]], dict[str, str]]:
    """Return the headers, three rows, and header -> field of an export of the table."""
    headers: list[str] = []
    cells: list[list[str]] = []
    used: dict[str, str] = {}
    for column in text.split(", "):
        header, sign, key = column.rpartition("=") if "=" in column else column.rpartition(":")
        if sign == "=":
            used[header] = FIELDS[key]
        headers.append(header)
        cells.append([person[key] for person in PEOPLE] if sign == "=" else [*OTHER[key]])
    return headers, [list(row) for row in zip(*cells, strict=True)], used


@pytest.mark.parametrize("name", EXPORTS)
def test_columns_of_an_export(name: str) -> None:
    headers, rows, used = read_export(EXPORTS[name])
    choice = columns.choose(headers, rows)
    assert {column.header: column.field for column in choice.columns} == used
    assert choice.undecided == []
    assert {column.header for column in choice.unused} == set(headers) - set(used)
    assert all(column.why for column in choice.unused)


def _widen(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)


DECORATIONS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "full width": _widen,
    "marked": lambda header: f"{header} *",
    "colon": lambda header: f" {header}:  ",
    "required": lambda header: f"{header} (required)",
    "decomposed": lambda header: unicodedata.normalize("NFD", header),
    "underscores": lambda header: header.replace(" ", "_"),
    "in quotes": lambda header: f'"{header}"',
    "invisible": lambda header: f"\u200b{header}\ufeff",
}


@pytest.mark.parametrize("decoration", DECORATIONS)
def test_how_a_header_is_written_does_not_matter(decoration: str) -> None:
    decorate = DECORATIONS[decoration]
    wrong = {}
    for name, text in EXPORTS.items():
        headers, rows, used = read_export(text)
        choice = columns.choose([decorate(header) for header in headers], rows)
        found = {headers[column.index]: column.field for column in choice.columns}
        if found != used:
            wrong[name] = found.items() ^ used.items()
    assert wrong == {}


def test_the_order_of_columns_does_not_matter() -> None:
    rng = random.Random(11)
    wrong = {}
    for name, text in EXPORTS.items():
        headers, rows, used = read_export(text)
        places = rng.sample(range(len(headers)), len(headers))
        choice = columns.choose(
            [headers[place] for place in places], [[row[place] for place in places] for row in rows]
        )
        found = {column.header: column.field for column in choice.columns}
        if found != used:
            wrong[name] = found.items() ^ used.items()
    assert wrong == {}
