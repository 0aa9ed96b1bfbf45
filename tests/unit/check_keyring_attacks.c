/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents that somebody with a text editor, or with a key of his own, could
 * make.  Each is refused, for the reason that is meant.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;
static struct mk_kr_office other; /* another vault */
static struct mk_kr_office small; /* one person a role */

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
    mk_kr_office_make(&other);
    mk_kr_office_make_of(&small, 1u << MK_KR_FOUNDER | 1u << MK_KR_INSPECTOR |
                                     1u << MK_KR_ANALYST |
                                     1u << MK_KR_AUDITOR);
}

static enum mk_err parse(const void *text, size_t n, struct mk_diag *diag)
{
    struct mk_keyring *k;
    enum mk_err rc;

    *diag = (struct mk_diag)MK_DIAG_INIT;
    rc = mk_keyring_parse(&k, text, n, diag);
    ck_assert((rc == MK_OK) == (k != NULL));
    mk_keyring_free(k);
    return rc;
}

/* --- changed bytes --- */

/* One part of the bytes of the smallest office: a loop test runs them all. */
#define FLIP_PARTS 8
START_TEST(a_flipped_bit_in_any_byte_is_refused)
{
    struct mk_diag diag;
    uint8_t *text = small.text.data;

    for (size_t i = (size_t)_i; i < small.text.len; i += FLIP_PARTS) {
        uint8_t bit = (uint8_t)(1u << (i / FLIP_PARTS % 8));
        text[i] ^= bit;
        enum mk_err rc = parse(text, small.text.len, &diag);
        text[i] ^= bit;
        ck_assert_msg(rc == MK_E_DAMAGED || rc == MK_E_NEWER,
                      "byte %zu bit %u: %s", i, bit, mk_err_name(rc));
    }
    ck_assert_int_eq(parse(text, small.text.len, &diag), MK_OK);
}
END_TEST

/* Case, spaces and line ends are the changes that a lenient reader lets by. */
START_TEST(no_other_spelling_of_the_same_document_is_read)
{
    struct mk_diag diag;
    struct mk_buf t = MK_BUF_INIT;
    size_t tried = 0;

    for (size_t i = 0; i < small.text.len; i++) {
        const char *insert = NULL;
        char c = (char)small.text.data[i];
        if (c == '\n')
            insert = "\r";
        else if (c == ' ')
            insert = " ";
        else if (c >= 'a' && c <= 'f' && i % 16 == 0)
            insert = "";
        if (!insert)
            continue;
        mk_buf_clear(&t);
        ck_assert_int_eq(mk_buf_add(&t, small.text.data, i), MK_OK);
        ck_assert_int_eq(mk_buf_add_str(&t, insert), MK_OK);
        ck_assert_int_eq(
            mk_buf_add(&t, small.text.data + i, small.text.len - i), MK_OK);
        if (!*insert)
            t.data[i] = (uint8_t)(c - 'a' + 'A');
        ck_assert_int_ne(parse(t.data, t.len, &diag), MK_OK);
        tried++;
    }
    ck_assert_uint_gt(tried, 300);
    mk_buf_release(&t);
}
END_TEST

START_TEST(a_document_cut_off_at_any_line_or_made_longer_is_refused)
{
    struct mk_diag diag;
    struct mk_buf t = MK_BUF_INIT;

    ck_assert_int_eq(parse("", 0, &diag), MK_E_DAMAGED);
    for (size_t i = 0; i < o.text.len; i++)
        if (i == 0 || o.text.data[i - 1] == '\n' || i + 1 == o.text.len)
            ck_assert_int_eq(parse(o.text.data, i, &diag), MK_E_DAMAGED);
    ck_assert_int_eq(mk_buf_add(&t, o.text.data, o.text.len), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&t, "\n"), MK_OK);
    ck_assert_int_eq(parse(t.data, t.len, &diag), MK_E_DAMAGED);
    mk_buf_release(&t);
}
END_TEST

START_TEST(a_document_of_more_than_the_largest_size_is_refused)
{
    struct mk_diag diag;
    struct mk_buf t = MK_BUF_INIT;

    ck_assert_int_eq(mk_buf_add(&t, o.text.data, o.text.len), MK_OK);
    ck_assert_int_eq(mk_buf_add_zero(&t, MK_KEYRING_MAX + 1 - t.len), MK_OK);
    ck_assert_int_eq(parse(t.data, t.len, &diag), MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_SIZE);
    mk_buf_release(&t);
}
END_TEST

/* --- statements and slots moved --- */

struct blocks {
    const char *p[64];
    size_t n[64];
    size_t count;
};

/* The document cut at its blank lines; joined by them it is the document. */
static struct blocks blocks_of(const struct mk_buf *text)
{
    struct blocks b = {.count = 0};
    const char *p = (const char *)text->data;
    const char *end = p + text->len;

    while (p < end) {
        const char *q = memmem(p, (size_t)(end - p), "\n\n", 2);
        q = q ? q + 1 : end;
        ck_assert_uint_lt(b.count, 64);
        b.p[b.count] = p;
        b.n[b.count++] = (size_t)(q - p);
        p = q + (q < end);
    }
    return b;
}

static enum mk_err parse_blocks(const struct blocks *b, struct mk_diag *diag)
{
    struct mk_buf t = MK_BUF_INIT;
    enum mk_err rc;

    for (size_t i = 0; i < b->count; i++) {
        if (i > 0)
            ck_assert_int_eq(mk_buf_add_str(&t, "\n"), MK_OK);
        ck_assert_int_eq(mk_buf_add(&t, b->p[i], b->n[i]), MK_OK);
    }
    rc = parse(t.data, t.len, diag);
    mk_buf_release(&t);
    return rc;
}

START_TEST(statements_and_slots_cannot_be_dropped_doubled_or_swapped)
{
    const struct blocks whole = blocks_of(&o.text);
    struct mk_diag diag;

    ck_assert_int_eq(parse_blocks(&whole, &diag), MK_OK);
    for (size_t i = 0; i < whole.count; i++) {
        struct blocks b = whole;
        memmove(b.p + i, b.p + i + 1, (b.count - i - 1) * sizeof *b.p);
        memmove(b.n + i, b.n + i + 1, (b.count - i - 1) * sizeof *b.n);
        b.count--;
        ck_assert_int_eq(parse_blocks(&b, &diag), MK_E_DAMAGED);

        b = whole;
        memmove(b.p + i + 1, b.p + i, (b.count - i) * sizeof *b.p);
        memmove(b.n + i + 1, b.n + i, (b.count - i) * sizeof *b.n);
        b.count++;
        ck_assert_int_eq(parse_blocks(&b, &diag), MK_E_DAMAGED);

        for (size_t j = i + 1; j < whole.count; j++) {
            b = whole;
            b.p[i] = whole.p[j];
            b.n[i] = whole.n[j];
            b.p[j] = whole.p[i];
            b.n[j] = whole.n[i];
            ck_assert_int_eq(parse_blocks(&b, &diag), MK_E_DAMAGED);
        }
    }
}
END_TEST

START_TEST(no_statement_or_slot_of_another_vault_fits)
{
    const struct blocks mine = blocks_of(&o.text);
    const struct blocks theirs = blocks_of(&other.text);
    struct mk_diag diag;
    size_t tried = 0;

    ck_assert_uint_eq(mine.count, theirs.count);
    for (size_t i = 0; i < mine.count; i++) {
        struct blocks b = mine;
        b.p[i] = theirs.p[i];
        b.n[i] = theirs.n[i];
        if (b.n[i] == mine.n[i] && memcmp(b.p[i], mine.p[i], b.n[i]) == 0)
            continue; /* the header, and "slots:" */
        ck_assert_int_eq(parse_blocks(&b, &diag), MK_E_DAMAGED);
        tried++;
    }
    ck_assert_uint_eq(tried, mine.count - 2);
}
END_TEST

/* The newest statements can be cut off: that is a keyring as it once was, and
 * the head that names members_hash tells. */
START_TEST(an_older_members_part_has_the_hash_of_its_serial)
{
    struct mk_keyring *k;
    struct mk_keyring *old;
    struct mk_identity by = mk_kr_office_unlock(&o, o.k, MK_KR_FOUNDER);
    uint8_t a[MK_HASH];
    uint8_t b[MK_HASH];

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(mk_keyring_certify(k, &by, o.who[MK_KR_ANALYST].id,
                                        MK_ROLE_BIT(MK_ROLE_INSPECTOR), NULL),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&old, o.text.data, o.text.len, NULL),
                     MK_OK);
    ck_assert_uint_eq(mk_keyring_serial(old) + 1, mk_keyring_serial(k));
    mk_keyring_members_hash(old, a);
    mk_keyring_members_hash(k, b);
    ck_assert_mem_ne(a, b, MK_HASH);
    ck_assert(mk_keyring_members_hash_at(k, mk_keyring_serial(old), b));
    ck_assert_mem_eq(a, b, MK_HASH);
    mk_keyring_free(old);
    mk_keyring_free(k);
    mk_identity_release(&by);
}
END_TEST

/* --- slots by their own user --- */

/* The document with the slot of person in place of his own. */
static enum mk_err parse_with_slot(size_t person, const struct mk_kr_slot *s,
                                   struct mk_diag *diag)
{
    struct mk_keyring *k;
    struct mk_buf t = MK_BUF_INIT;
    enum mk_err rc;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    mk_kr_find(k, o.who[person].id)->slot[0] = *s;
    ck_assert_int_eq(mk_keyring_format(k, &t), MK_OK);
    rc = parse(t.data, t.len, diag);
    mk_keyring_free(k);
    mk_buf_release(&t);
    return rc;
}

START_TEST(a_slot_with_a_cost_out_of_bounds_is_refused_though_signed)
{
    const struct mk_argon2_cost costs[] = {
        {1, 8192}, {2, 8192}, {11, 8192},          {UINT32_MAX, 8192},
        {3, 8},    {3, 63},   {3, (2u << 20) + 1}, {3, UINT32_MAX},
    };
    const struct mk_identity *who = &o.who[MK_KR_ANALYST];
    const struct mk_kr_slot mine = mk_kr_find(o.k, who->id)->slot[0];
    struct mk_diag diag;

    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        struct mk_kr_slot s = mine;
        s.cost = costs[i];
        ck_assert_int_eq(mk_kr_slot_sign(&s, o.k->store, who), MK_OK);
        ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &s, &diag),
                         MK_E_DAMAGED);
        ck_assert_str_eq(diag.place, MK_WHY_SLOT_COST);
    }
    ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &mine, &diag), MK_OK);
}
END_TEST

START_TEST(a_slot_is_signed_by_its_user_for_its_vault)
{
    const struct mk_identity *who = &o.who[MK_KR_ANALYST];
    const struct mk_kr_slot mine = mk_kr_find(o.k, who->id)->slot[0];
    struct mk_kr_slot s = mine;
    struct mk_diag diag;

    ck_assert_int_eq(mk_kr_slot_sign(&s, o.k->store, &o.who[MK_KR_FOUNDER]),
                     MK_OK);
    ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &s, &diag), MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_SLOT_SIGNATURE);

    ck_assert_int_eq(mk_kr_slot_sign(&s, other.k->store, who), MK_OK);
    ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &s, &diag), MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_SLOT_SIGNATURE);

    s = mk_kr_find(o.k, o.who[MK_KR_AUDITOR].id)->slot[0];
    ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &s, &diag), MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_SLOT);

    s = mine;
    s.number = 3;
    ck_assert_int_eq(mk_kr_slot_sign(&s, o.k->store, who), MK_OK);
    ck_assert_int_eq(parse_with_slot(MK_KR_ANALYST, &s, &diag), MK_E_NEWER);
}
END_TEST

START_TEST(a_bundle_opens_only_with_the_header_it_was_made_with)
{
    struct mk_keyring *k;
    struct mk_secret *p = mk_kr_office_passphrase(MK_KR_ANALYST);
    struct mk_identity who;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    struct mk_kr_member *m = mk_kr_find(k, o.who[MK_KR_ANALYST].id);
    m->slot[0].counter++;
    ck_assert_int_eq(mk_keyring_unlock(k, &m->m, p, &who, NULL), MK_E_LOCKED);
    m->slot[0].counter--;
    m->slot[0].cost.t++;
    ck_assert_int_eq(mk_keyring_unlock(k, &m->m, p, &who, NULL), MK_E_LOCKED);
    m->slot[0].cost.t--;
    k->store[0] ^= 1;
    ck_assert_int_eq(mk_keyring_unlock(k, &m->m, p, &who, NULL), MK_E_LOCKED);
    k->store[0] ^= 1;
    ck_assert_int_eq(mk_keyring_unlock(k, &m->m, p, &who, NULL), MK_OK);
    mk_identity_release(&who);
    /* a good bundle, but not of both the keys that were certified */
    for (int mine = 0; mine < 2; mine++) {
        const struct mk_identity *box =
            &o.who[mine ? MK_KR_ANALYST : MK_KR_AUDITOR];
        const struct mk_identity *seed =
            &o.who[mine ? MK_KR_AUDITOR : MK_KR_ANALYST];
        struct mk_identity mixed = {
            .box = box->box, .seed = seed->seed, .sign = seed->sign};
        memcpy(mixed.id, m->m.id, MK_ID);
        ck_assert_int_eq(
            mk_kr_slot_make(&m->slot[0], k->store, &mixed, p, 1, 1, NULL),
            MK_OK);
        ck_assert_int_eq(mk_keyring_unlock(k, &m->m, p, &who, NULL),
                         MK_E_DAMAGED);
        ck_assert_ptr_null(who.box);
    }
    mk_secret_free(p);
    mk_keyring_free(k);
}
END_TEST

/* --- the version --- */

static void with_text(struct mk_buf *out, const char *from, const char *to)
{
    const uint8_t *at = memmem(o.text.data, o.text.len, from, strlen(from));
    ck_assert_ptr_nonnull(at);
    size_t before = (size_t)(at - o.text.data);
    size_t after = before + strlen(from);
    mk_buf_clear(out);
    ck_assert_int_eq(mk_buf_add(out, o.text.data, before), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(out, to), MK_OK);
    ck_assert_int_eq(mk_buf_add(out, o.text.data + after, o.text.len - after),
                     MK_OK);
}

START_TEST(a_newer_document_or_statement_is_told_apart_from_a_damaged_one)
{
    const char *const reserved[] = {"slot-3", "revoked", "Suspend", "x"};
    struct mk_buf t = MK_BUF_INIT;
    struct mk_diag diag;

    with_text(&t, "meldkluis-keyring: 1", "meldkluis-keyring: 2");
    ck_assert_int_eq(parse(t.data, t.len, &diag), MK_E_NEWER);
    ck_assert_int_eq(diag.num[0], 2);
    ck_assert_int_eq(diag.num[1], 1);
    with_text(&t, "meldkluis-keyring: 1", "meldkluis-keyring: 01");
    ck_assert_int_eq(parse(t.data, t.len, &diag), MK_E_DAMAGED);
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        char type[32];
        snprintf(type, sizeof type, "type: %s\n", reserved[i]);
        with_text(&t, "type: certify\n", type);
        ck_assert_int_eq(parse(t.data, t.len, &diag), MK_E_NEWER);
        ck_assert_str_eq(diag.place, MK_WHY_TYPE);
        ck_assert_int_eq(diag.num[0], 5);
    }
    mk_buf_release(&t);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_other_spelling_of_the_same_document_is_read,
        a_document_cut_off_at_any_line_or_made_longer_is_refused,
        a_document_of_more_than_the_largest_size_is_refused,
        statements_and_slots_cannot_be_dropped_doubled_or_swapped,
        no_statement_or_slot_of_another_vault_fits,
        an_older_members_part_has_the_hash_of_its_serial,
        a_slot_with_a_cost_out_of_bounds_is_refused_though_signed,
        a_slot_is_signed_by_its_user_for_its_vault,
        a_bundle_opens_only_with_the_header_it_was_made_with,
        a_newer_document_or_statement_is_told_apart_from_a_damaged_one,
    };
    Suite *suite = suite_create("keyring_attacks");
    TCase *all = tcase_create("keyring_attacks");

    tcase_add_unchecked_fixture(all, start, NULL);
    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, a_flipped_bit_in_any_byte_is_refused, 0,
                        FLIP_PARTS);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
