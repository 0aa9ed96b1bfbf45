-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The small documents beside the rows (docs.h), by name.  In a folder they
-- are files and this table stays empty; on a server they are rows.  Each proves
-- itself: the keyring by the heads that name its hashes and by its own
-- signatures, the others are sealed or signed, or a colleague's word of where
-- something lies.

CREATE TABLE document (
    name BYTEA PRIMARY KEY,
    body BYTEA NOT NULL
);
