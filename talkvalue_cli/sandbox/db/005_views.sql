CREATE VIEW memberships AS
    SELECT 'channel' AS kind, channel_id AS source_id, person_id, joined_at FROM channel_people
    UNION ALL SELECT 'event', event_id, person_id, joined_at FROM event_people;
CREATE VIEW sources AS
    SELECT id, 'CHANNEL' AS type, name, icon, color, organization_id FROM channels
    UNION ALL SELECT id, 'EVENT', name, NULL, NULL, organization_id FROM events;
-- People as others see them; company: a name of their own takes precedence.
CREATE VIEW persons AS
    SELECT people.*,
        COALESCE(name, NULLIF(TRIM(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''),
            email) AS full_name,
        COALESCE(company_name,
            (SELECT NULLIF(display_name, '') FROM companies WHERE id = company_id))
            AS company,
        (SELECT domain FROM companies WHERE id = company_id) AS company_domain
    FROM people;
CREATE VIEW jobs AS
    SELECT imports.*, file_name, staged_name, encoding, delimiter, headers
    FROM imports JOIN uploads ON uploads.id = upload_id;
