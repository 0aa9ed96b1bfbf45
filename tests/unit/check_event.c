/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of events: there and back, and what hostile bytes do. */
#include "core/event.h"

#include "core/base/bytes.h"
#include "core/workflow.h"
#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <string.h>

struct bytes {
    struct mk_buf facts, text;
};

static void release(struct bytes *b)
{
    mk_buf_release(&b->facts);
    mk_buf_release(&b->text);
}

/* An event of every move with all its keys, not judged. */
static void make(struct mk_event *e, const struct kit_move *m, bool optional)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_event_init(e);
    e->verb = m->verb;
    e->seq = 3;
    e->time_ms = INT64_C(1770000000123);
    memset(e->actor, 0xa5, sizeof(e->actor));
    e->imported = m->verb % 2;
    e->derived = (struct mk_derived){MK_STATE_DUIDING, MK_YN_ONB, 1,
                                     MK_STATUTE_OUD, MK_YN_J};
    ck_assert_int_eq(kit_parse(&e->f, m->verb, m->required, &diag), MK_OK);
    if (optional)
        ck_assert_int_eq(kit_parse(&e->f, m->verb, m->optional, &diag), MK_OK);
    uint8_t id[16];
    memset(id, 9, sizeof(id));
    if (mk_fields_has(&e->f, MK_F_KEPT))
        ck_assert_int_eq(mk_fields_set_id(&e->f, MK_F_KEPT, id), MK_OK);
}

static struct bytes encode(const struct mk_event *e)
{
    struct bytes b = {MK_BUF_INIT, MK_BUF_INIT};
    ck_assert_int_eq(mk_event_encode(e, &b.facts, &b.text), MK_OK);
    return b;
}

static enum mk_err decode(struct mk_event *e, const struct bytes *b)
{
    struct mk_diag diag = MK_DIAG_INIT;
    return mk_event_decode(e, b->facts.data, b->facts.len,
                           b->text.len ? (const void *)b->text.data : "",
                           b->text.len, &diag);
}

static bool same_bytes(const struct mk_buf *a, const struct mk_buf *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

START_TEST(what_was_written_is_read_back)
{
    for (size_t i = 0; i < 2 * kit_n_moves; i++) {
        struct mk_event e, back;
        make(&e, &kit_moves[i / 2], i % 2);
        struct bytes b = encode(&e);
        ck_assert_int_eq(decode(&back, &b), MK_OK);
        ck_assert_uint_eq(back.seq, e.seq);
        ck_assert_int_eq(back.verb, e.verb);
        ck_assert_int_eq(back.time_ms, e.time_ms);
        ck_assert_mem_eq(back.actor, e.actor, 16);
        ck_assert_int_eq(back.imported, e.imported);
        ck_assert_mem_eq(&back.derived, &e.derived, sizeof(e.derived));
        struct bytes again = encode(&back);
        ck_assert(same_bytes(&b.facts, &again.facts));
        ck_assert(same_bytes(&b.text, &again.text));
        for (enum mk_field k = 1; k < MK_FIELD_MAX; k++)
            ck_assert_int_eq(mk_fields_has(&e.f, k),
                             mk_fields_has(&back.f, k));
        release(&b);
        release(&again);
        mk_event_release(&e);
        mk_event_release(&back);
    }
}
END_TEST

static bool holds(const struct mk_buf *b, const char *text)
{
    return b->len > 0 && memmem(b->data, b->len, text, strlen(text)) != NULL;
}

START_TEST(identities_and_narrative_are_in_the_text_part_only)
{
    static const struct {
        const char *move, *word;
    } rows[] = {{"melding", "peuter"},
                {"melding", "A-12"},
                {"melding", "Een ouder"},
                {"duid_j", "123456782"},
                {"overleg", ""},
                {"geen", "Omdat."},
                {"aangifte", "PL-1"},
                {"notitie", "Gebeld."},
                {"persoon", "Noor"},
                {"persoon", "010-000"},
                {"persoon", "Verzonstraat"},
                {"persoon", "Vlinder"},
                {"corrigeer", "GES"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mk_event e;
        make(&e, kit_move(rows[i].move), true);
        struct bytes b = encode(&e);
        if (rows[i].word[0]) {
            ck_assert(holds(&b.text, rows[i].word));
            ck_assert(!holds(&b.facts, rows[i].word));
        } else {
            ck_assert_uint_eq(b.text.len, 0);
        }
        release(&b);
        mk_event_release(&e);
    }
}
END_TEST

START_TEST(facts_can_be_read_without_the_text)
{
    struct mk_event e, back;
    struct mk_diag diag = MK_DIAG_INIT;
    make(&e, kit_move("persoon"), true);
    struct bytes b = encode(&e);
    ck_assert_int_eq(
        mk_event_decode(&back, b.facts.data, b.facts.len, NULL, 0, &diag),
        MK_OK);
    ck_assert_uint_eq(mk_fields_code(&back.f, MK_F_ROLE), MK_PERSON_ROLE_OUD);
    ck_assert(!mk_fields_has(&back.f, MK_F_NAME));
    mk_event_release(&back);
    /* but a text part that is there may not be missing */
    ck_assert_int_eq(
        mk_event_decode(&back, b.facts.data, b.facts.len, "", 0, &diag),
        MK_E_DAMAGED);
    release(&b);
    mk_event_release(&e);
}
END_TEST

/* Whatever is accepted is what encode would write. */
static void assert_canonical(const struct bytes *b)
{
    struct mk_event e;
    enum mk_err rc = decode(&e, b);
    if (rc == MK_OK) {
        struct bytes again = encode(&e);
        ck_assert(same_bytes(&b->facts, &again.facts));
        ck_assert(same_bytes(&b->text, &again.text));
        release(&again);
    } else {
        ck_assert(rc == MK_E_DAMAGED || rc == MK_E_NEWER);
        ck_assert_int_eq(mk_fields_next(&e.f, MK_F_NONE), MK_F_NONE);
    }
    mk_event_release(&e);
}

START_TEST(every_cut_is_noticed)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        struct mk_event e, back;
        make(&e, &kit_moves[i], true);
        struct bytes b = encode(&e);
        size_t whole = b.facts.len;
        for (b.facts.len = 0; b.facts.len < whole; b.facts.len++)
            ck_assert_int_ne(decode(&back, &b), MK_OK);
        size_t whole_text = b.text.len;
        for (b.text.len = 0; b.text.len < whole_text; b.text.len++)
            ck_assert_int_ne(decode(&back, &b), MK_OK);
        ck_assert_int_eq(mk_buf_add_u8(&b.facts, 0), MK_OK);
        ck_assert_int_ne(decode(&back, &b), MK_OK);
        b.facts.len--;
        ck_assert_int_eq(mk_buf_add_u8(&b.text, 0), MK_OK);
        ck_assert_int_ne(decode(&back, &b), MK_OK);
        release(&b);
        mk_event_release(&e);
    }
}
END_TEST

START_TEST(every_flipped_bit_is_refused_or_another_event)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        struct mk_event e;
        make(&e, &kit_moves[i], true);
        struct bytes b = encode(&e);
        for (size_t k = 0; k < 8 * (b.facts.len + b.text.len); k++) {
            uint8_t *p = k / 8 < b.facts.len
                             ? &b.facts.data[k / 8]
                             : &b.text.data[k / 8 - b.facts.len];
            *p ^= (uint8_t)(1u << k % 8);
            assert_canonical(&b);
            *p ^= (uint8_t)(1u << k % 8);
        }
        release(&b);
        mk_event_release(&e);
    }
}
END_TEST

START_TEST(random_bytes_do_no_harm)
{
    uint32_t x = 99;
    for (int i = 0; i < 30000; i++) {
        struct mk_event e;
        make(&e, &kit_moves[(size_t)i % kit_n_moves], i % 2);
        struct bytes b = encode(&e);
        for (int k = 0; k < 1 + i % 6; k++) {
            x = x * 1664525 + 1013904223;
            struct mk_buf *part = b.text.len && x >> 31 ? &b.text : &b.facts;
            part->data[(x >> 8) % part->len] = (uint8_t)(x >> 3);
        }
        assert_canonical(&b);
        release(&b);
        mk_event_release(&e);
    }
    for (int i = 0; i < 3000; i++) {
        struct bytes b = {MK_BUF_INIT, MK_BUF_INIT};
        for (int k = 0; k < i % 200; k++) {
            x = x * 1664525 + 1013904223;
            ck_assert_int_eq(mk_buf_add_u8(&b.facts, (uint8_t)(x >> 24)),
                             MK_OK);
        }
        if (b.facts.len > 2) {
            b.facts.data[0] = 1;
            b.facts.data[1] %= 24;
            b.facts.data[2] &= 1;
        }
        assert_canonical(&b);
        release(&b);
    }
}
END_TEST

START_TEST(what_a_newer_program_wrote_is_said_to_be_newer)
{
    static const struct {
        size_t at;
        uint8_t value;
    } rows[] = {{0, 3}, {1, 60}, {31, 30}, {33, 2}};
    for (size_t i = 0; i < 4; i++) {
        struct mk_event e, back;
        make(&e, kit_move("overleg"), true);
        struct bytes b = encode(&e);
        b.facts.data[rows[i].at] = rows[i].value;
        ck_assert_msg(decode(&back, &b) == MK_E_NEWER, "byte %zu", rows[i].at);
        release(&b);
        mk_event_release(&e);
    }
}
END_TEST

START_TEST(what_its_author_had_seen_is_read_back)
{
    for (size_t i = 0; i < kit_n_moves; i++) {
        struct mk_event e, back;
        make(&e, &kit_moves[i], true);
        struct bytes before = encode(&e);
        e.seen = 1; /* of 3, so that 2 lies between */
        struct bytes b = encode(&e);
        ck_assert_uint_eq(before.facts.data[0], 1);
        ck_assert_uint_eq(b.facts.data[0], 2);
        ck_assert_uint_eq(b.facts.len, before.facts.len + 4);
        ck_assert(same_bytes(&b.text, &before.text));
        ck_assert_int_eq(decode(&back, &b), MK_OK);
        ck_assert_uint_eq(back.seen, 1);
        mk_event_release(&back);
        for (size_t k = 0; k < 8 * b.facts.len; k++) {
            b.facts.data[k / 8] ^= (uint8_t)(1u << k % 8);
            assert_canonical(&b);
            b.facts.data[k / 8] ^= (uint8_t)(1u << k % 8);
        }
        release(&before);
        release(&b);
        mk_event_release(&e);
    }
}
END_TEST

START_TEST(nothing_lies_between_what_was_seen_and_the_next)
{
    static const uint32_t seen[] = {2, 3, 4, UINT32_MAX};
    struct mk_event e, back;
    struct bytes b;
    make(&e, kit_move("notitie"), true);
    e.seen = 1;
    b = encode(&e);
    size_t at = 36; /* seen, behind what every event has */
    ck_assert_mem_eq(b.facts.data + at, "\0\0\0\1", 4);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct bytes refused = {MK_BUF_INIT, MK_BUF_INIT};
        e.seen = seen[i];
        ck_assert_int_eq(mk_event_encode(&e, &refused.facts, &refused.text),
                         MK_E_INTERNAL);
        mk_put_u32(b.facts.data + at, seen[i]);
        ck_assert_int_eq(decode(&back, &b), MK_E_DAMAGED);
        release(&refused);
    }
    mk_put_u32(b.facts.data + at, 0);
    ck_assert_int_eq(decode(&back, &b), MK_E_DAMAGED);
    release(&b);
    mk_event_release(&e);
}
END_TEST

START_TEST(an_event_that_was_not_judged_cannot_be_written)
{
    struct mk_event e;
    struct bytes b = {MK_BUF_INIT, MK_BUF_INIT};
    make(&e, kit_move("overleg"), true);
    e.derived.state = MK_STATE_NONE;
    ck_assert_int_eq(mk_event_encode(&e, &b.facts, &b.text), MK_E_INTERNAL);
    mk_event_release(&e);
    /* nor one whose other dossier was not looked up */
    struct mk_diag diag = MK_DIAG_INIT;
    make(&e, kit_move("dubbel"), true);
    mk_fields_unset(&e.f, MK_F_KEPT);
    ck_assert_int_eq(kit_parse(&e.f, e.verb, "kept=MK-7Q4D-K2XZ", &diag),
                     MK_OK);
    ck_assert_int_eq(mk_event_encode(&e, &b.facts, &b.text), MK_E_INTERNAL);
    mk_event_release(&e);
    release(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_was_written_is_read_back,
        identities_and_narrative_are_in_the_text_part_only,
        facts_can_be_read_without_the_text,
        every_cut_is_noticed,
        every_flipped_bit_is_refused_or_another_event,
        random_bytes_do_no_harm,
        what_a_newer_program_wrote_is_said_to_be_newer,
        what_its_author_had_seen_is_read_back,
        nothing_lies_between_what_was_seen_and_the_next,
        an_event_that_was_not_judged_cannot_be_written,
    };
    return UNIT_RUN("event", tests, NULL);
}
