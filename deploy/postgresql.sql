-- Two users: the owner migrates, the application can neither alter a table nor change a ledger row.
-- Run once as the superuser:  psql -v ON_ERROR_STOP=1 -f deploy/postgresql.sql
-- Then give both a password (\password makhazine_owner, \password makhazine), or let them in by peer.

CREATE ROLE makhazine_owner LOGIN;
CREATE ROLE makhazine LOGIN;
CREATE DATABASE makhazine OWNER makhazine_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE makhazine FROM PUBLIC;
GRANT CONNECT ON DATABASE makhazine TO makhazine;

\connect makhazine
-- The owner alone makes tables; the rights of the application on each are given by the migrations.
ALTER SCHEMA public OWNER TO makhazine_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO makhazine;
