/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of meldkluis-verify on published answers, and at their edges. */
#include <string.h>

#include "cmd/verify/entries.h"
#include "cmd/verify/leaf.h"
#include "cmd/verify/members.h"
#include "cmd/verify/note.h"
#include "cmd/verify/outside.h"
#include "cmd/verify/program.h"
#include "cmd/verify/prune.h"
#include "cmd/verify/seal.h"
#include "core/base/bytes.h"
#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"
#include "tests/support/vectors.h"

static void start(void)
{
    ck_assert_int_eq(mk_vf_seal_init(NULL), MK_OK);
}

/* ---- tree: RFC 6962, RFC 9162 ---- */

#define CT 8

START_TEST(leaves_and_roots_are_those_of_certificate_transparency)
{
    struct vectors *v = vectors_open("merkle.txt");
    uint8_t leaf[CT][MK_HASH], got[MK_HASH], room[1 + 64];
    uint8_t made[MK_VF_LEVELS][MK_HASH];
    struct mk_vf_tree t;
    size_t leaves = 0, roots = 0, n;

    while (vectors_next(v)) {
        const char *kind = vectors_text(v, "kind");
        const bool numbers = strcmp(kind, "numbers") == 0;

        if (strcmp(kind, "leaf") == 0) {
            const uint8_t *p = vectors_bytes(v, "leaf", &n);
            if (n > 0)
                memcpy(room + 1, p, n);
            mk_vf_leaf_hash(leaf[leaves], room + 1, n);
            ck_assert_mem_eq(leaf[leaves++], vectors_bytes(v, "hash", &n),
                             MK_HASH);
            continue;
        }
        if (!numbers && strcmp(kind, "root") != 0)
            continue;
        mk_vf_tree_init(&t);
        for (size_t i = 0; i < vectors_num(v, "size"); i++) {
            mk_put_u32(room + 1, (uint32_t)i);
            mk_vf_leaf_hash(got, room + 1, 4);
            (void)mk_vf_tree_add(&t, numbers ? got : leaf[i], made);
        }
        mk_vf_tree_root(&t, got);
        ck_assert_mem_eq(got, vectors_bytes(v, "root", &n), MK_HASH);
        roots++;
    }
    ck_assert_uint_eq(leaves, CT);
    ck_assert_uint_gt(roots, 15);
}
END_TEST

START_TEST(a_leaf_completes_as_many_levels_as_its_number_has)
{
    static const uint8_t leaf[MK_HASH];
    uint8_t made[MK_VF_LEVELS][MK_HASH], root[MK_HASH];
    struct mk_vf_tree t;

    mk_vf_tree_init(&t);
    for (unsigned i = 1; i <= 65536; i++) {
        const unsigned levels = mk_vf_tree_add(&t, leaf, made);
        ck_assert_uint_eq(levels, i == 65536 ? 3 : i % 256 == 0 ? 2 : 1);
    }
    mk_vf_tree_root(&t, root);
    ck_assert_mem_eq(root, made[2], MK_HASH);
}
END_TEST

/* ---- C2SP tlog-tiles, signed-note ---- */

START_TEST(tiles_lie_where_c2sp_says)
{
    char path[MK_VF_PATH];

    mk_vf_tile_path(path, 0, 1234067, 256);
    ck_assert_str_eq(path, "tile/0/x001/x234/067");
    mk_vf_tile_path(path, 2, 5, 12);
    ck_assert_str_eq(path, "tile/2/005.p/12");
    mk_vf_tile_path(path, -1, 1000, 255);
    ck_assert_str_eq(path, "tile/entries/x001/000.p/255");
    mk_vf_tile_path(path, 7, UINT64_MAX / 256, 1);
    ck_assert_str_eq(path, "tile/7/x072/x057/x594/x037/x927/935.p/1");
}
END_TEST

static const char foo[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

START_TEST(the_verifier_key_of_c2sp_is_read_and_no_other_spelling_of_it)
{
    struct mk_vf_key key;
    char bad[sizeof foo];

    ck_assert(mk_vf_key_parse(&key, foo, strlen(foo)));
    ck_assert_str_eq(key.name, "example.com/foo");
    ck_assert_uint_eq(key.type, MK_VF_KEY_PLAIN);
    for (size_t i = 0; i < strlen(foo); i++)
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            memcpy(bad, foo, sizeof bad);
            bad[i] = (char)(bad[i] ^ bit);
            ck_assert(!mk_vf_key_parse(&key, bad, strlen(foo)));
        }
}
END_TEST

/* C2SP tlog-checkpoint, with a line of another kind of key behind it. */
#define SOFA                        \
    "example.com/behind-the-sofa\n" \
    "20852163\n"                    \
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define LINE "\xe2\x80\x94 example.com/behind-the-sofa AAECAwQ=\n"

START_TEST(the_checkpoint_of_c2sp_is_read)
{
    struct mk_vf_note note;
    const char text[] = SOFA "\n" LINE;
    const char more[] = SOFA "an extension\n\n" LINE;

    ck_assert(mk_vf_note_parse(&note, text, sizeof text - 1));
    ck_assert_str_eq(note.origin, "example.com/behind-the-sofa");
    ck_assert_uint_eq(note.size, 20852163);
    ck_assert_uint_eq(note.n_text, strlen(SOFA));
    ck_assert_uint_eq(note.n_lines, 1);
    ck_assert(mk_vf_note_parse(&note, more, sizeof more - 1));
    ck_assert_uint_eq(note.n_text, strlen(SOFA "an extension\n"));
}
END_TEST

START_TEST(what_is_no_checkpoint_is_not_read)
{
    static const char *const bad[] = {
        "",
        SOFA,
        SOFA "\n",
        SOFA LINE,
        SOFA "\n" LINE "x",
        SOFA "\n" LINE "\n" LINE,
        "a b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" LINE,
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" LINE,
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n\n" LINE,
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n\n" LINE,
        "a\r\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" LINE,
        SOFA "\n- example.com/behind-the-sofa AAECAwQ=\n",
        SOFA "\n\xe2\x80\x94 example.com/behind-the-sofa AAEC\n",
    };
    struct mk_vf_note note;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_vf_note_parse(&note, bad[i], strlen(bad[i])), "%zu",
                      i);
}
END_TEST

START_TEST(base64_has_one_spelling)
{
    static const char *const bad[] = {
        "QQ",   "QQ=",      "QR==", "QUJ=", "Q===",
        "====", "QQ==QQ==", "Q Q=", "QQ-_"};
    uint8_t out[8];
    size_t n;

    ck_assert(mk_vf_unbase64(out, sizeof out, &n, "QUJD", 4) && n == 3);
    ck_assert(mk_vf_unbase64(out, sizeof out, &n, "QQ==", 4) && n == 1);
    ck_assert(mk_vf_unbase64(out, sizeof out, &n, "", 0) && n == 0);
    ck_assert(!mk_vf_unbase64(out, 2, &n, "QUJD", 4));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(
            !mk_vf_unbase64(out, sizeof out, &n, bad[i], strlen(bad[i])), "%s",
            bad[i]);
}
END_TEST

/* ---- sessions ---- */

static size_t set_of(const struct mk_vf_sessions *s,
                     const struct mk_vf_session *one)
{
    return (size_t)(one - s->v) / MK_VF_WAYS;
}

/* Sessions until n of them came to the set of id; the first of those n. */
static void crowd(struct mk_vf_sessions *s, size_t set, size_t n,
                  uint32_t *number, uint8_t first[static MK_ID])
{
    const uint8_t actor[MK_ID] = {1};
    uint8_t id[MK_ID] = {9, 9};

    for (size_t i = 0; i < n;) {
        mk_put_u32(id + 4, ++*number);
        if (set_of(s, mk_vf_session_add(s, id, actor)) != set)
            continue;
        if (i++ == 0)
            memcpy(first, id, MK_ID);
    }
}

START_TEST(a_session_is_remembered_until_many_others_came)
{
    struct mk_vf_sessions s;
    const uint8_t actor[MK_ID] = {1}, id[MK_ID] = {9, 9};
    uint8_t other[MK_ID], last[MK_ID];
    uint32_t number = 0;
    size_t set;

    ck_assert_int_eq(mk_vf_sessions_init(&s), MK_OK);
    ck_assert_ptr_null(mk_vf_session_find(&s, id));
    set = set_of(&s, mk_vf_session_add(&s, id, actor));
    crowd(&s, set, MK_VF_WAYS - 1, &number, other);
    ck_assert_ptr_nonnull(mk_vf_session_find(&s, id)); /* used: the newest */
    crowd(&s, set, 1, &number, last);
    ck_assert_ptr_nonnull(mk_vf_session_find(&s, id));
    ck_assert_ptr_nonnull(mk_vf_session_find(&s, last));
    ck_assert_ptr_null(mk_vf_session_find(&s, other)); /* longest ago */
    mk_vf_sessions_release(&s);
}
END_TEST

/* The ids are their writers' to choose. */
START_TEST(nobody_chooses_whose_session_is_forgotten)
{
    struct mk_vf_sessions s;
    const uint8_t actor[MK_ID] = {1};
    uint8_t id[MK_ID] = {9, 9};

    ck_assert_int_eq(mk_vf_sessions_init(&s), MK_OK);
    (void)mk_vf_session_add(&s, id, actor);
    for (uint32_t i = 1; i <= 256; i++) {
        mk_put_u32(id + 4, i);
        (void)mk_vf_session_add(&s, id, actor);
    }
    mk_put_u32(id + 4, 0);
    ck_assert_ptr_nonnull(mk_vf_session_find(&s, id));
    mk_vf_sessions_release(&s);
}
END_TEST

/* ---- the term of the log ---- */

#define MONTH (INT64_C(31) * 86400000)

/* What is said of a pruning of everything before, at now, when auditor and
 * inspector were there at seen. */
static enum mk_vf_code pruned(struct mk_vf_past *p, int64_t before,
                              int64_t now, int64_t seen)
{
    static const uint8_t root[MK_HASH];
    struct mk_vf_want want = {.size = 256, .reached = true, .confirmed = true};
    const struct mk_vf_wants wants = {.v = &want, .n = 1};
    const struct mk_vf_row row = {.kind = MK_VF_ROW_PRUNE,
                                  .size = 256,
                                  .root = root,
                                  .before_ms = before};
    struct mk_vf_finding f;

    p->pruned = 0;
    p->auditor_ms = p->inspector_ms = seen;
    mk_vf_past_prune(p, &row, &wants, 300, now, &f);
    return f.code;
}

START_TEST(a_term_holds_for_a_month_before_it_may_be_used)
{
    struct mk_vf_past p = {.n = 0};
    const int64_t now = 100 * MONTH;

    ck_assert_int_eq(pruned(&p, 1, now, now), MK_VF_PRUNE_NO_TERM);
    ck_assert_int_eq(mk_vf_past_term(&p, 12, now - MONTH + 1), MK_OK);
    ck_assert_int_eq(pruned(&p, 1, now, now), MK_VF_PRUNE_NO_TERM);
    ck_assert_int_eq(pruned(&p, 1, now + 1, now + 1), MK_VF_PRUNED);
    ck_assert_int_eq(pruned(&p, 1, now + 1, now), MK_VF_PRUNE_NO_TERM);
    mk_vf_past_release(&p);
}
END_TEST

START_TEST(a_shorter_term_comes_a_month_later)
{
    struct mk_vf_past p = {.n = 0};
    const int64_t now = 100 * MONTH;

    ck_assert_int_eq(mk_vf_past_term(&p, 12, 0), MK_OK);
    ck_assert_int_eq(mk_vf_past_term(&p, 6, now - MONTH / 2), MK_OK);
    ck_assert_int_eq(pruned(&p, now - 12 * MONTH, now, now), MK_VF_PRUNED);
    ck_assert_int_eq(pruned(&p, now - 12 * MONTH + 1, now, now),
                     MK_VF_PRUNE_TERM);
    ck_assert_int_eq(pruned(&p, now - 5 * MONTH, now + MONTH, now + MONTH),
                     MK_VF_PRUNED);
    mk_vf_past_release(&p);
}
END_TEST

START_TEST(the_clock_of_who_prunes_counts_no_further_than_the_others)
{
    struct mk_vf_past p = {.n = 0};
    const int64_t now = 100 * MONTH;

    ck_assert_int_eq(mk_vf_past_term(&p, 12, 0), MK_OK);
    ck_assert_int_eq(pruned(&p, 80 * MONTH, now, now), MK_VF_PRUNED);
    ck_assert_int_eq(pruned(&p, 80 * MONTH, now, 90 * MONTH),
                     MK_VF_PRUNE_TERM);
    ck_assert_int_eq(pruned(&p, 1, now, 0), MK_VF_PRUNE_NO_TERM);
    ck_assert_int_eq(pruned(&p, 0, now, now), MK_VF_PRUNE_AGE);
    mk_vf_past_release(&p);
}
END_TEST

/* ---- witnesses ---- */

START_TEST(a_key_that_is_named_often_is_tried_once)
{
    struct mk_vf_outside o = {.n = 0};
    struct mk_vf_key key = {.name = "w", .type = MK_VF_KEY_COSIGNER};

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(mk_vf_outside_trust(&o, &key, i == 3), MK_OK);
    key.pk[0] = 1;
    ck_assert_int_eq(mk_vf_outside_trust(&o, &key, false), MK_OK);
    ck_assert_uint_eq(o.n_trusted, 2);
    ck_assert(o.trusted[0].proven && !o.trusted[1].proven);
    mk_vf_outside_release(&o);
}
END_TEST

/* ---- members ---- */

/* It would reach a terminal with --json. */
START_TEST(an_origin_that_is_none_is_not_told)
{
    static const uint8_t header[] = "meldkluis-keyring: 1\n", no_store[MK_ID];
    struct mk_secret *seed = mk_secret_random(32), *sign = NULL;
    struct mk_buf text = MK_BUF_INIT, said = MK_BUF_INIT;
    struct mk_vf_members m;
    uint8_t pk[MK_PK], hash[MK_HASH], sig[MK_SIG];
    char hex[2 * MK_PK + 1], b64[2 * MK_SIG];
    size_t at;

    ck_assert_int_eq(mk_sign_key(&sign, pk, seed), MK_OK);
    mk_hex(hex, pk, MK_PK);
    ck_assert_int_eq(mk_buf_add(&text, header, sizeof header - 1), MK_OK);
    at = text.len + 1;
    ck_assert_int_eq(
        mk_buf_addf(&text,
                    "\nserial: 1\ntype: genesis\norigin: a\x1b[2J\n"
                    "nonce: %s\nuser: %.32s\nname: Bo\nbox-key: %064x\n"
                    "sign-key: %s\nby: %.32s\n",
                    hex, hex, 1u, hex, hex),
        MK_OK);
    mk_sha256(hash, header, sizeof header - 1);
    ck_assert_int_eq(mk_buf_add(&said, no_store, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add(&said, hash, MK_HASH), MK_OK);
    ck_assert_int_eq(mk_buf_add(&said, text.data + at, text.len - at), MK_OK);
    ck_assert_int_eq(
        mk_sign(sig, sign, "meldkluis/statement/v1", said.data, said.len),
        MK_OK);
    mk_b64(b64, sig, MK_SIG);
    ck_assert_int_eq(mk_buf_addf(&text, "sig: %s\n", b64), MK_OK);
    ck_assert_int_eq(mk_vf_members_parse(&m, text.data, text.len), MK_OK);
    ck_assert_int_eq(m.why, MK_VF_WHY_ORIGIN);
    ck_assert_str_eq(m.origin, "");
    mk_vf_members_release(&m);
    mk_buf_release(&said);
    mk_buf_release(&text);
    mk_secret_free(sign);
    mk_secret_free(seed);
}
END_TEST

/* ---- options ---- */

/* As main gets them; they are not written to. */
static char **words(const char *const *argv)
{
    return (char **)(uintptr_t)argv;
}

START_TEST(options_have_a_value_or_none)
{
    const char *good[] = {"x",      "--key=k",         "dir",    "--witness",
                          "a",      "--getuige=b",     "--taal", "en",
                          "--json", "--passphrase-fd", "3"};
    const char *bad[][3] = {{"x", "dir", "--key"},
                            {"x", "dir", "--json=1"},
                            {"x", "dir", "--lang=fr"},
                            {"x", "a", "b"},
                            {"x", "dir", "--keys=a"},
                            {"x", "--key=", NULL},
                            {"x", "dir", "--passphrase-fd=-1"}};
    struct mk_vf_options o = {.passphrase_fd = -1};

    ck_assert_int_eq(mk_vf_options(&o, 11, words(good), NULL), MK_OK);
    ck_assert_str_eq(o.export, "dir");
    ck_assert_str_eq(o.key, "k");
    ck_assert_uint_eq(o.n_witnesses, 2);
    ck_assert(o.json && o.english && o.passphrase_fd == 3);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        o = (struct mk_vf_options){.passphrase_fd = -1};
        ck_assert_msg(mk_vf_options(&o, bad[i][2] ? 3 : 2, words(bad[i]),
                                    NULL) == MK_E_USAGE,
                      "%zu", i);
    }
}
END_TEST

/* ---- what is said ---- */

START_TEST(a_hostile_name_commands_no_terminal)
{
    struct mk_vf_report r = {.size = 0};
    struct mk_vf_finding f = {.code = MK_VF_TAIL_CUT,
                              .file = "\x1b[2J\"\\\xe2\x80\xae"};
    struct mk_buf out = MK_BUF_INIT;

    mk_vf_found(&r, &f);
    ck_assert_int_eq(mk_vf_text(&out, &r, true), MK_OK);
    ck_assert_int_eq(mk_vf_json(&out, &r, true), MK_OK);
    ck_assert_ptr_null(memchr(out.data, 0x1b, out.len));
    ck_assert_ptr_null(memmem(out.data, out.len, "\xe2\x80\xae", 3));
    ck_assert_ptr_nonnull(memmem(out.data, out.len, "\\\"\\\\", 4));
    mk_buf_release(&out);
}
END_TEST

START_TEST(a_finding_is_counted_when_it_is_not_told)
{
    struct mk_vf_report r = {.size = 0};
    const struct mk_vf_finding f = {.code = MK_VF_ENTRY_FORM, .a = 1};
    const struct mk_vf_finding yes = {.code = MK_VF_INTACT_YES};
    struct mk_buf out = MK_BUF_INIT;

    for (unsigned i = 0; i < MK_VF_KEPT + 3; i++)
        mk_vf_found(&r, &f);
    mk_vf_found(&r, &yes); /* a yes takes nothing back */
    ck_assert(mk_vf_failed(&r, MK_VF_INTACT) && !mk_vf_passed(&r));
    ck_assert_int_eq(mk_vf_text(&out, &r, true), MK_OK);
    ck_assert_ptr_nonnull(memmem(out.data, out.len, "and 3 more", 10));
    ck_assert_ptr_nonnull(memmem(out.data, out.len, "intact: no; ", 12));
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        leaves_and_roots_are_those_of_certificate_transparency,
        a_leaf_completes_as_many_levels_as_its_number_has,
        tiles_lie_where_c2sp_says,
        the_verifier_key_of_c2sp_is_read_and_no_other_spelling_of_it,
        the_checkpoint_of_c2sp_is_read,
        what_is_no_checkpoint_is_not_read,
        base64_has_one_spelling,
        a_session_is_remembered_until_many_others_came,
        nobody_chooses_whose_session_is_forgotten,
        a_term_holds_for_a_month_before_it_may_be_used,
        a_shorter_term_comes_a_month_later,
        the_clock_of_who_prunes_counts_no_further_than_the_others,
        a_key_that_is_named_often_is_tried_once,
        an_origin_that_is_none_is_not_told,
        options_have_a_value_or_none,
        a_hostile_name_commands_no_terminal,
        a_finding_is_counted_when_it_is_not_told,
    };
    return UNIT_RUN("verify_parts", tests, start);
}
