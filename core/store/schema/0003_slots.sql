-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A row of the statistics lay under its position in the stream and was deleted
-- when it had folded into a chunk.  Now it lies in a slot, from 0, which the
-- next one takes: so nobody who writes needs DELETE on this table.

UPDATE stats_row SET seq = seq - (SELECT min(seq) FROM stats_row);
ALTER TABLE stats_row RENAME COLUMN seq TO slot;
