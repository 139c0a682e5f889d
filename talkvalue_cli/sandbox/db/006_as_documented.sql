-- A company has no display name until somebody gives it one: those that were guessed go.
UPDATE companies SET display_name = '' WHERE display_name =
    upper(substr(domain, 1, 1)) || substr(domain, 2, instr(domain || '.', '.') - 2);
DROP VIEW persons;
CREATE VIEW persons AS
    SELECT people.*,
        COALESCE(name, NULLIF(TRIM(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''),
            email) AS full_name,
        COALESCE(company_name, (SELECT NULLIF(display_name, '') FROM companies
            WHERE id = company_id)) AS company,
        (SELECT domain FROM companies WHERE id = company_id) AS company_domain
    FROM people;
-- Times are whole seconds.
UPDATE channels SET created_at = substr(created_at, 1, 19) || 'Z' WHERE created_at LIKE '%.___Z';
UPDATE people SET created_at = substr(created_at, 1, 19) || 'Z' WHERE created_at LIKE '%.___Z';
UPDATE people SET updated_at = substr(updated_at, 1, 19) || 'Z' WHERE updated_at LIKE '%.___Z';
UPDATE channel_people SET joined_at = substr(joined_at, 1, 19) || 'Z' WHERE joined_at LIKE '%.___Z';
UPDATE imports SET created_at = substr(created_at, 1, 19) || 'Z' WHERE created_at LIKE '%.___Z';
UPDATE imports SET process_started_at = substr(process_started_at, 1, 19) || 'Z' WHERE process_started_at LIKE '%.___Z';
UPDATE imports SET completed_at = substr(completed_at, 1, 19) || 'Z' WHERE completed_at LIKE '%.___Z';
UPDATE events SET start_at = substr(start_at, 1, 19) || 'Z' WHERE start_at LIKE '%.___Z';
UPDATE events SET end_at = substr(end_at, 1, 19) || 'Z' WHERE end_at LIKE '%.___Z';
UPDATE events SET created_at = substr(created_at, 1, 19) || 'Z' WHERE created_at LIKE '%.___Z';
UPDATE event_people SET joined_at = substr(joined_at, 1, 19) || 'Z' WHERE joined_at LIKE '%.___Z';
UPDATE merges SET merged_at = substr(merged_at, 1, 19) || 'Z' WHERE merged_at LIKE '%.___Z';
UPDATE merges SET undone_at = substr(undone_at, 1, 19) || 'Z' WHERE undone_at LIKE '%.___Z';
UPDATE activity SET created_at = substr(created_at, 1, 19) || 'Z' WHERE created_at LIKE '%.___Z';
UPDATE integration_imports SET started_at = substr(started_at, 1, 19) || 'Z' WHERE started_at LIKE '%.___Z';
-- So are those that a merge remembers.
UPDATE merges SET
    source = json_set(source,
        '$.row.created_at', substr(json_extract(source, '$.row.created_at'), 1, 19) || 'Z',
        '$.row.updated_at', substr(json_extract(source, '$.row.updated_at'), 1, 19) || 'Z',
        '$.members', json((SELECT json_group_array(json_array(
                json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                substr(json_extract(value, '$[2]'), 1, 19) || 'Z'))
            FROM json_each(source, '$.members')))),
    gains = json_set(gains,
        '$.members', json((SELECT json_group_array(json_array(
                json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                substr(json_extract(value, '$[2]'), 1, 19) || 'Z',
                substr(json_extract(value, '$[3]'), 1, 19) || 'Z'))
            FROM json_each(gains, '$.members'))));
