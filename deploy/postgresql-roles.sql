-- Two roles for PostgreSQL 15 or newer: `ciss_owner` owns the tables and migrates; `ciss_app` runs the application and
-- can change neither the schema nor any row of an append-only table.
--
-- Run it as a superuser in the CISS database, the first time before `ciss db upgrade` and again after it,
-- then after every upgrade and every restore, which create tables again. It may be repeated at any time.
--
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -d ciss -f deploy/postgresql-roles.sql
--
-- Passwords are set by hand, and only where the database is on another machine:
--   \password ciss_app

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ciss_owner') THEN
        CREATE ROLE ciss_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ciss_app') THEN
        CREATE ROLE ciss_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO ciss_owner', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO ciss_app', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO ciss_owner;
GRANT USAGE ON SCHEMA public TO ciss_app;

-- Existing objects, and those that later migrations create.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ciss_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ciss_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ciss_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ciss_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ciss_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO ciss_app;

DO $$
DECLARE
    guard record;
BEGIN
    -- The migrations put a trigger on each table that is append-only, or from which no row may be deleted.
    FOR guard IN
        SELECT t.tgrelid::regclass AS place,
               bool_or((t.tgtype & 8) <> 0) AS no_delete,
               bool_or((t.tgtype & 16) <> 0 AND p.proname = 'append_only') AS no_update
          FROM pg_trigger AS t
          JOIN pg_proc AS p ON p.oid = t.tgfoid
          JOIN pg_class AS c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND t.tgqual IS NULL AND c.relnamespace = 'public'::regnamespace
           AND p.proname IN ('append_only', 'submission_amended')
         GROUP BY t.tgrelid
    LOOP
        IF guard.no_delete THEN
            EXECUTE format('REVOKE DELETE, TRUNCATE ON %s FROM ciss_app', guard.place);
        END IF;
        IF guard.no_update THEN
            EXECUTE format('REVOKE UPDATE ON %s FROM ciss_app', guard.place);
        END IF;
    END LOOP;
    -- Only the role that runs migrations records which ones ran.
    IF to_regclass('public.alembic_version') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM ciss_app;
    END IF;
    -- After a removal the freed space is vacuumed at once (docs/adr/0010-removal.md). Before PostgreSQL 17
    -- only the owner of a table may do that, so autovacuum does it later.
    IF current_setting('server_version_num')::int >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO ciss_app';
    END IF;
END $$;
