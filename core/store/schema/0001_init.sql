-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The schema in the dialect that SQLite 3.46 and PostgreSQL 15 share.
--
-- A key of one column is INTEGER PRIMARY KEY: under exactly this spelling
-- SQLite makes it the key of the table's own tree, so there is no second index
-- to write at each commit.  (In PostgreSQL it holds 2^31 rows.)  All other
-- numbers are BIGINT, all sealed values and hashes BYTEA.
--
-- Small columns come first and the large one last: SQLite then reads a row's
-- numbers and hashes without following it into its overflow pages.
--
-- Which root covers which table stands in mk_row_tables (rows.h).

CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    checksum BYTEA NOT NULL
);

CREATE TABLE dossier (
    ordinal INTEGER PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    intake_year BIGINT NOT NULL,
    rk_gen BIGINT NOT NULL,
    dek_version BIGINT NOT NULL,
    owner BYTEA,
    dek BYTEA,
    ref_tag BYTEA UNIQUE,
    summary BYTEA,
    entries BIGINT NOT NULL,
    chain BYTEA NOT NULL
);

CREATE TABLE entry (
    dossier BIGINT NOT NULL
        REFERENCES dossier (ordinal) DEFERRABLE INITIALLY DEFERRED,
    seq BIGINT NOT NULL,
    facts BYTEA NOT NULL,
    narrative BYTEA,
    PRIMARY KEY (dossier, seq)
);

CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    leaf BYTEA NOT NULL
);

CREATE TABLE head (
    log_size INTEGER PRIMARY KEY,
    txid BYTEA NOT NULL UNIQUE,
    body BYTEA NOT NULL,
    sig BYTEA NOT NULL
);

CREATE TABLE node (
    tree BIGINT NOT NULL,
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (tree, level, idx)
);

CREATE TABLE stats_chunk (
    idx INTEGER PRIMARY KEY,
    first BIGINT NOT NULL,
    n BIGINT NOT NULL,
    tags_hash BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    facts BYTEA NOT NULL,
    tags BYTEA NOT NULL
);

CREATE TABLE stats_row (
    seq INTEGER PRIMARY KEY,
    env BYTEA NOT NULL
);

CREATE TABLE register (
    seq INTEGER PRIMARY KEY,
    kind BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    body BYTEA NOT NULL
);

CREATE TABLE tail (
    id INTEGER PRIMARY KEY,
    log_size BIGINT NOT NULL
);

INSERT INTO tail (id, log_size) VALUES (1, 0);
