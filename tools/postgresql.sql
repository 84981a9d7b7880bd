-- Two roles and a database for IKZ-Beratung; run again, it changes nothing but the passwords. See postgresql.sh.
\set ON_ERROR_STOP on
\set QUIET on
SELECT format('CREATE ROLE %I', name) FROM (VALUES (:'daily'), (:'owner')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"daily" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'daily_password';
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
-- C.UTF-8: the order of indexes does not change with an update of the system.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"daily";
\connect :"database"
-- What the daily role may have made before there were two of them.
REASSIGN OWNED BY :"daily" TO :"owner";
ALTER DATABASE :"database" OWNER TO :"owner";
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"daily";
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- The daily role reads and writes rows, and nothing else; that holds for tables to come as well.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"daily";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"daily";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"daily";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"daily";
