/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The exported log: what stands in it, how it grows, how it is mended. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/export.h"
#include "core/register.h"
#include "core/vault.h"
#include "core/witness.h"
#include "crypto/hash.h"
#include "tests/support/export.h"
#include "tests/support/unit.h"

static struct vault_fixture f;

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

/* ---- what stands in it ---- */

static void heads_are_those_of_the_vault(struct mk_vault *v)
{
    struct mk_buf heads = export_file(&f, "uit", "heads");
    struct mk_head_row row;
    struct mk_walk *walk;
    size_t at = 0;
    bool more;

    ck_assert_int_eq(mk_store_begin_read(v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_walk_heads(&walk, v->store, 0, NULL), MK_OK);
    for (;; at += MK_EXPORT_HEAD) {
        ck_assert_int_eq(mk_walk_head(walk, &more, &row, NULL), MK_OK);
        if (!more)
            break;
        ck_assert_uint_le(at + MK_EXPORT_HEAD, heads.len);
        ck_assert_mem_eq(heads.data + at, row.body, MK_HEAD);
        ck_assert_mem_eq(heads.data + at + MK_HEAD, row.sig, MK_SIG);
    }
    ck_assert_uint_eq(at, heads.len);
    ck_assert_uint_gt(at, 3 * MK_EXPORT_HEAD);
    mk_walk_close(walk);
    mk_store_rollback(v->store);
    mk_buf_release(&heads);
}

/* Hashes of the tile are those of the leaves in the bundle. */
static void bundle_fits_tile(size_t width)
{
    struct mk_buf tile = export_file(&f, "uit", "tile/0/000.p/7");
    struct mk_buf bundle = export_file(&f, "uit", "tile/entries/000.p/7");
    struct mk_reader r;
    uint8_t hash[MK_HASH];

    ck_assert_uint_eq(tile.len, width * MK_HASH);
    mk_reader_init(&r, bundle.data, bundle.len);
    for (size_t i = 0; i < width; i++) {
        uint16_t n = mk_read_u16(&r);
        const uint8_t *leaf = mk_read_bytes(&r, n);

        ck_assert_ptr_nonnull(leaf);
        ck_assert_mem_eq(leaf, "MKL1", 4);
        ck_assert_uint_eq(mk_get_u64(leaf + 4), i);
        mk_merkle_leaf(hash, leaf, n);
        ck_assert_mem_eq(hash, tile.data + i * MK_HASH, MK_HASH);
    }
    ck_assert(mk_reader_done(&r));
    mk_buf_release(&tile);
    mk_buf_release(&bundle);
}

static void register_chain_gives_the_root(struct mk_vault *v)
{
    struct mk_buf text = export_file(&f, "uit", "register");
    uint8_t chain[MK_HASH] = {0};
    struct mk_reader r;
    uint64_t n = 0;

    mk_reader_init(&r, text.data, text.len);
    for (; r.left > 0; n++) {
        uint8_t fixed[12];
        uint8_t of_body[MK_HASH];

        mk_put_u64(fixed, mk_read_u64(&r));
        mk_put_u32(fixed + 8, mk_read_u32(&r));
        ck_assert_uint_eq(mk_get_u64(fixed), n);
        ck_assert_uint_eq(mk_get_u32(fixed + 8), MK_REGISTER_TAG_KEY);
        mk_read_copy(&r, of_body, MK_HASH);
        ck_assert_uint_eq(mk_read_u32(&r), 0); /* sealed */
        mk_sha256_parts(chain,
                        (const struct mk_part[]){{"mk1/register", 12},
                                                 {chain, MK_HASH},
                                                 {fixed, sizeof fixed},
                                                 {of_body, MK_HASH}},
                        4);
    }
    ck_assert(mk_reader_done(&r));
    ck_assert_uint_eq(n, v->head.n_register);
    ck_assert_uint_gt(n, 0);
    ck_assert_mem_eq(chain, v->head.register_root, MK_HASH);
    mk_buf_release(&text);
}

static void checkpoint_is_signed_by_the_log(struct mk_vault *v)
{
    struct mk_buf text = export_file(&f, "uit", "checkpoint");
    struct mk_buf vkey = export_file(&f, "uit", "vkey");
    struct mk_checkpoint c;
    struct mk_note_key key;
    struct mk_note note;
    uint8_t box[MK_PK], sign[MK_PK];

    mk_keyring_log_keys(v->keyring, box, sign);
    ck_assert_uint_eq(vkey.data[vkey.len - 1], '\n');
    ck_assert(mk_vkey_parse(&key, (const char *)vkey.data, vkey.len - 1));
    ck_assert_mem_eq(key.pk, sign, MK_PK);
    ck_assert_str_eq(key.name, "proefkluis");
    ck_assert(mk_note_parse(&note, (const char *)text.data, text.len));
    ck_assert_int_eq(mk_note_verify(&note, &key, NULL), MK_NOTE_GOOD);
    ck_assert(mk_checkpoint_parse(&c, note.text, note.n_text));
    ck_assert_uint_eq(c.size, v->head.log_size);
    ck_assert_mem_eq(c.root, v->head.log_root, MK_HASH);
    mk_buf_release(&text);
    mk_buf_release(&vkey);
}

START_TEST(an_export_holds_what_its_format_says)
{
    struct mk_buf members;
    struct mk_export_report r;
    struct mk_vault *v;
    struct mk_buf whole = MK_BUF_INIT;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    export_work(v, 3);
    r = export_ok(&f, v, "uit");
    ck_assert_uint_eq(r.log_size, 7);
    ck_assert_uint_eq(r.old_size, 0);
    ck_assert(!r.repaired);
    ck_assert_uint_eq(r.heads, 5);
    ck_assert_mem_eq(r.log_root, v->head.log_root, MK_HASH);
    heads_are_those_of_the_vault(v);
    bundle_fits_tile(7);
    register_chain_gives_the_root(v);
    checkpoint_is_signed_by_the_log(v);
    members = export_file(&f, "uit", "members");
    ck_assert_int_eq(mk_keyring_format(v->keyring, &whole), MK_OK);
    ck_assert_mem_eq(members.data, whole.data, members.len);
    ck_assert_mem_eq(whole.data + members.len, "slots:\n", 7);
    ck_assert(export_has(&f, "uit", "witnesses"));
    mk_buf_release(&whole);
    mk_buf_release(&members);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

/* ---- how it grows ---- */

START_TEST(what_grew_step_by_step_is_what_is_written_at_once)
{
    static const size_t steps[] = {1, 200, 48, 1, 1, 255, 300, 3};
    struct mk_export_report r = {.log_size = 0}, fresh;
    struct mk_vault *v;
    uint64_t before = 0;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        export_much(v, steps[i]);
        r = export_ok(&f, v, "uit");
        ck_assert_uint_eq(r.old_size, before);
        ck_assert_uint_eq(r.heads, 2 * i + 3);
        ck_assert(!r.repaired);
        before = r.log_size;
    }
    ck_assert_int_eq(export_run(&f, v, "vers", true, &fresh, NULL), MK_OK);
    ck_assert_uint_eq(fresh.log_size, r.log_size);
    ck_assert_uint_eq(fresh.heads, r.heads);
    /* the last tile was partial before: those widths stay until it is whole */
    ck_assert(!export_has(&f, "uit", "tile/0/000.p"));
    ck_assert(!export_has(&f, "uit", "tile/entries/002.p"));
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

/* ---- cut off and damaged ---- */

static void nothing(void)
{
}

static void torn_tile(void)
{
    export_cut(&f, "uit", "tile/0/000.p/250", 100);
}

static void other_tile(void)
{
    struct mk_buf tile = export_file(&f, "uit", "tile/0/000.p/250");

    tile.data[77] ^= 1;
    export_put(&f, "uit", "tile/0/000.p/250", tile.data, tile.len);
    mk_buf_release(&tile);
}

static void torn_heads(void)
{
    export_cut(&f, "uit", "heads", MK_EXPORT_HEAD + 10);
}

static void other_head(void)
{
    struct mk_buf heads = export_file(&f, "uit", "heads");

    heads.data[heads.len - 1] ^= 1;
    export_put(&f, "uit", "heads", heads.data, heads.len);
    mk_buf_release(&heads);
}

/* A run that was cut off in the middle of a record. */
static void more_heads(void)
{
    struct mk_buf heads = export_file(&f, "uit", "heads");

    mk_put_u64(heads.data + 24, UINT64_MAX); /* log_size of a later one */
    ck_assert_int_eq(mk_buf_reserve(&heads, MK_EXPORT_HEAD + 40), MK_OK);
    memcpy(heads.data + heads.len, heads.data, MK_EXPORT_HEAD + 40);
    mk_put_u64(heads.data + 24, 2);
    export_put(&f, "uit", "heads", heads.data,
               heads.len + MK_EXPORT_HEAD + 40);
    mk_buf_release(&heads);
}

/* A run that was cut off before its checkpoint left its files. */
static void torn_run(void)
{
    export_put(&f, "uit", "tile/0/000", "torn", 4);
    export_put(&f, "uit", "tile/entries/000", "torn", 4);
    export_put(&f, "uit", "tile/entries/000.p/252", "torn", 4);
    export_put(&f, "uit", "members", "torn", 4);
    export_put(&f, "uit", "register", "torn", 4);
    export_put(&f, "uit", ".new", "torn", 4);
    export_put(&f, "uit", "tile/0/.new", "torn", 4);
}

static void torn_first_run(void)
{
    char path[256];

    snprintf(path, sizeof path, "%s/uit/checkpoint", f.dir);
    ck_assert_int_eq(unlink(path), 0);
    torn_run();
}

static const struct {
    void (*damage)(void);
    uint64_t old_size;
    bool repaired;
} damages[] = {
    {nothing, 250, false},   {torn_tile, 250, true},
    {other_tile, 250, true}, {torn_heads, 250, true},
    {other_head, 250, true}, {more_heads, 250, false},
    {torn_run, 250, false},  {torn_first_run, 0, false},
};

START_TEST(a_folder_that_was_cut_off_or_damaged_at_its_end_is_mended)
{
    struct mk_export_report r;
    struct mk_vault *v;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    export_much(v, 247);
    ck_assert_int_eq(export_run(&f, v, "eerst", true, &r, NULL), MK_OK);
    ck_assert_uint_eq(r.log_size, 250);
    export_work(v, 20);
    ck_assert_int_eq(export_run(&f, v, "vers", true, &r, NULL), MK_OK);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        export_copy(&f, "eerst", "uit");
        damages[i].damage();
        ck_assert_int_eq(export_run(&f, v, "uit", true, &r, NULL), MK_OK);
        ck_assert_uint_eq(r.log_size, 270);
        ck_assert_uint_eq(r.old_size, damages[i].old_size);
        ck_assert_int_eq(r.repaired, damages[i].repaired);
        ck_assert_msg(export_same(&f, "uit", "vers"), "damage %zu", i);
    }
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

/* Whoever had the stick before may have put it there. */
START_TEST(what_lies_in_the_way_is_not_written_through)
{
    struct mk_vault *v;
    struct mk_buf text;
    struct stat st, was;
    int dir, aside;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    dir = export_folder(&f, "uit");
    aside = export_folder(&f, "eigen");
    export_put(&f, "eigen", "brief", "letter", 6);
    ck_assert_int_eq(linkat(aside, "brief", dir, ".new", 0), 0);
    export_ok(&f, v, "uit");
    text = export_file(&f, "eigen", "brief");
    ck_assert_uint_eq(text.len, 6);
    mk_buf_release(&text);
    export_put(&f, "uit", ".new", "", 0);
    ck_assert_int_eq(fchmodat(dir, ".new", 0666, 0), 0);
    export_ok(&f, v, "uit");
    ck_assert_int_eq(fstatat(dir, "register", &st, 0), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    ck_assert_uint_eq(st.st_nlink, 1);
    /* what grows is no way to write to a file of the same beginning */
    ck_assert_int_eq(linkat(dir, "heads", aside, "afschrift", 0), 0);
    ck_assert_int_eq(fstatat(aside, "afschrift", &was, 0), 0);
    export_work(v, 3);
    ck_assert(!export_ok(&f, v, "uit").repaired);
    ck_assert_int_eq(fstatat(aside, "afschrift", &st, 0), 0);
    ck_assert_int_eq(st.st_size, was.st_size);
    ck_assert_int_eq(fstatat(dir, "heads", &st, 0), 0);
    ck_assert_int_gt(st.st_size, was.st_size);
    ck_assert_uint_eq(st.st_nlink, 1);
    heads_are_those_of_the_vault(v);
    close(aside);
    close(dir);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

/* ---- what lies beside it ---- */

START_TEST(kept_checkpoints_and_time_stamps_go_along)
{
    static const char *const lying[][2] = {{"7", "note"},
                                           {"7.1.tsr", "stamp"},
                                           {"07", "x"},
                                           {"7.tsr", "x"},
                                           {".7.half", "x"}};
    struct mk_docs kept = MK_DOCS_NONE;
    struct mk_buf text;
    struct mk_vault *v;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(
        mk_docs_below(&kept, &v->docs, MK_CHECKPOINTS_FOLDER, true, NULL),
        MK_OK);
    for (size_t i = 0; i < sizeof lying / sizeof *lying; i++)
        ck_assert_int_eq(mk_docs_write(&kept, lying[i][0], lying[i][1],
                                       strlen(lying[i][1]), NULL),
                         MK_OK);
    export_ok(&f, v, "uit");
    text = export_file(&f, "uit", "checkpoints/7");
    ck_assert_mem_eq(text.data, "note", 4);
    mk_buf_release(&text);
    text = export_file(&f, "uit", "checkpoints/7.1.tsr");
    ck_assert_mem_eq(text.data, "stamp", 5);
    mk_buf_release(&text);
    ck_assert(!export_has(&f, "uit", "checkpoints/07"));
    ck_assert(!export_has(&f, "uit", "checkpoints/7.tsr"));
    ck_assert(!export_has(&f, "uit", "checkpoints/.7.half"));
    ck_assert_int_eq(
        mk_docs_write(&kept, "7", "note with a witness", 19, NULL), MK_OK);
    mk_docs_close(&kept);
    export_ok(&f, v, "uit");
    text = export_file(&f, "uit", "checkpoints/7");
    ck_assert_uint_eq(text.len, 19);
    mk_buf_release(&text);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_export_holds_what_its_format_says,
        what_grew_step_by_step_is_what_is_written_at_once,
        a_folder_that_was_cut_off_or_damaged_at_its_end_is_mended,
        what_lies_in_the_way_is_not_written_through,
        kept_checkpoints_and_time_stamps_go_along,
    };

    return UNIT_RUN("export", tests, start);
}
