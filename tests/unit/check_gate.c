/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame between the vault and the publication gate. */
#include "reports/gate.h"

#include "tests/support/unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define FIRST "meldkluis-gate: 1\n"

static const char good[] = FIRST "section cube 5\nA\nB\nC\n"
                                 "section release 0\n\n"
                                 "section release 4\nend\n\n"
                                 "section key 32\n" KEY "\n"
                                 "end\n";

static enum mk_err parse(struct mk_gate *g, const char *text, size_t n,
                         struct mk_diag *diag)
{
    *diag = (struct mk_diag)MK_DIAG_INIT;
    mk_gate_init(g);
    return mk_gate_parse(g, text, n, diag);
}

static void assert_good(const struct mk_gate *g)
{
    static const struct {
        enum mk_gate_kind kind;
        const char *text;
    } want[] = {
        {MK_GATE_CUBE, "A\nB\nC"},
        {MK_GATE_RELEASE, ""},
        {MK_GATE_RELEASE, "end\n"},
        {MK_GATE_KEY, KEY},
    };
    const uint8_t *p;
    size_t n;
    ck_assert(!g->none);
    ck_assert_uint_eq(g->n_sections, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(mk_gate_section(g, i, &p, &n), want[i].kind);
        ck_assert_uint_eq(n, strlen(want[i].text));
        ck_assert(memcmp(p, want[i].text, n) == 0);
    }
}

START_TEST(sections_are_found_whatever_stands_in_them)
{
    struct mk_gate g;
    struct mk_diag diag;
    ck_assert_int_eq(parse(&g, good, sizeof good - 1, &diag), MK_OK);
    assert_good(&g);
    mk_gate_release(&g);
}
END_TEST

START_TEST(a_sender_may_give_up)
{
    struct mk_gate g;
    struct mk_diag diag;
    ck_assert_int_eq(parse(&g, "meldkluis-gate: none\n", 21, &diag), MK_OK);
    ck_assert(g.none);
    ck_assert_uint_eq(g.n_sections, 0);
    mk_gate_release(&g);
}
END_TEST

START_TEST(every_cut_is_refused)
{
    struct mk_gate g;
    struct mk_diag diag;
    for (size_t n = 0; n < sizeof good - 1; n++) {
        ck_assert_int_eq(parse(&g, good, n, &diag), MK_E_SYNTAX);
        mk_gate_release(&g);
    }
}
END_TEST

START_TEST(what_is_not_of_the_form_is_refused)
{
    static const struct {
        const char *text;
        enum mk_err err;
        uint64_t line;
    } bad[] = {
        {"meldkluis-cube: 1\nend\n", MK_E_SYNTAX, 1},
        {"meldkluis-gate: 2\nend\n", MK_E_NEWER, 0},
        {"meldkluis-gate: \nend\n", MK_E_SYNTAX, 1},
        {"meldkluis-gate: none\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section names 1\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 01\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube -1\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 1 \nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section  cube 1\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 1\nxx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 2\nx\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 1\nx\nsection cube 134217729\n", MK_E_TOO_LARGE,
         2},
        {FIRST "section cube 9223372036854775808\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 9223372036854775807\n", MK_E_TOO_LARGE, 1},
        {FIRST "section key 31\n0123456789abcdef0123456789abcde\nend\n",
         MK_E_SYNTAX, 1},
        {FIRST "section key 32\n" KEY "\nsection key 32\n" KEY "\nend\n",
         MK_E_SYNTAX, 2},
        {FIRST "end\nx", MK_E_SYNTAX, 1},
        {FIRST "end \n", MK_E_SYNTAX, 1},
        {FIRST "\nend\n", MK_E_SYNTAX, 1},
        {FIRST "section cube 000000000000000000000000000000000000000000000000"
               "0000000000000000000000000",
         MK_E_SYNTAX, 1},
    };
    struct mk_gate g;
    struct mk_diag diag;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum mk_err rc = parse(&g, bad[i].text, strlen(bad[i].text), &diag);
        ck_assert_msg(rc == bad[i].err && diag.err == rc, "'%s' gives %s",
                      bad[i].text, mk_err_name(rc));
        ck_assert_msg(diag.line == bad[i].line, "'%s' names %d", bad[i].text,
                      (int)diag.line);
        mk_gate_release(&g);
    }
}
END_TEST

START_TEST(a_section_too_many_is_refused)
{
    struct mk_gate g;
    struct mk_diag diag;
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&text, FIRST), MK_OK);
    for (size_t i = 0; i <= MK_GATE_SECTIONS; i++)
        ck_assert_int_eq(mk_buf_add_str(&text, "section cube 0\n\n"), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, "end\n"), MK_OK);
    ck_assert_int_eq(parse(&g, (char *)text.data, text.len, &diag),
                     MK_E_TOO_LARGE);
    mk_gate_release(&g);
    mk_buf_release(&text);
}
END_TEST

/* ---- through descriptors ---- */

/* A child that writes text to the pipe in pieces of n bytes. */
static int source(const char *text, size_t len, size_t n)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        close(ends[0]);
        for (size_t at = 0; at < len; at += n)
            if (write(ends[1], text + at, len - at < n ? len - at : n) < 0)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

START_TEST(it_is_read_in_pieces_and_left_open_for_the_decision)
{
    static const size_t pieces[] = {1, 2, 7, 1000};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct mk_gate g;
        struct mk_diag diag = MK_DIAG_INIT;
        int fd = source(good, sizeof good - 1, pieces[i]);
        mk_gate_init(&g);
        ck_assert_int_eq(mk_gate_read(&g, fd, &diag), MK_OK);
        assert_good(&g);
        mk_gate_release(&g);
        close(fd);
        fd = source(good, sizeof good - 2, pieces[i]);
        ck_assert_int_eq(mk_gate_read(&g, fd, &diag), MK_E_SYNTAX);
        mk_gate_release(&g);
        close(fd);
    }
    while (wait(NULL) > 0) {
    }
}
END_TEST

START_TEST(more_than_may_come_is_refused_while_it_comes)
{
    struct mk_gate g;
    struct mk_diag diag = MK_DIAG_INIT;
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        static char much[1 << 20];
        static const char head[] = FIRST "section cube 134217728\n";
        close(ends[0]);
        ssize_t n = write(ends[1], head, sizeof head - 1);
        while (n > 0)
            n = write(ends[1], much, sizeof much);
        _exit(0);
    }
    close(ends[1]);
    mk_gate_init(&g);
    ck_assert_int_eq(mk_gate_read(&g, ends[0], &diag), MK_E_TOO_LARGE);
    ck_assert_uint_le(g.text.len, MK_GATE_BYTES);
    mk_gate_release(&g);
    close(ends[0]);
    while (wait(NULL) > 0) {
    }
}
END_TEST

START_TEST(a_record_goes_up_in_its_frame)
{
    struct mk_diag diag = MK_DIAG_INIT;
    char got[64];
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(mk_gate_send(ends[1], "ab\nc", 4, &diag), MK_OK);
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], got, sizeof got), 14);
    ck_assert(memcmp(got, "record 4\nab\nc\n", 14) == 0);
    close(ends[0]);
    ck_assert_int_eq(mk_gate_send(1, got, MK_GATE_RECORD + 1, &diag),
                     MK_E_TOO_LARGE);
}
END_TEST

START_TEST(only_the_word_commit_registers)
{
    static const struct {
        const char *text;
        bool registered;
        enum mk_err err;
    } words[] = {
        {"commit\n", true, MK_OK},
        {"abort\n", false, MK_OK},
        {"", false, MK_OK},
        {"commit", false, MK_E_SYNTAX},
        {"commit \n", false, MK_E_SYNTAX},
        {"\n", false, MK_E_SYNTAX},
        {"COMMIT\n", false, MK_E_SYNTAX},
        {"abort", false, MK_E_SYNTAX},
        {"commitcommit\n", false, MK_E_SYNTAX},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        bool registered = true;
        int fd = source(words[i].text, strlen(words[i].text), 64);
        ck_assert_msg(mk_gate_await(fd, &registered, &diag) == words[i].err,
                      "'%s'", words[i].text);
        ck_assert_msg(registered == words[i].registered, "'%s'",
                      words[i].text);
        close(fd);
    }
    while (wait(NULL) > 0) {
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        sections_are_found_whatever_stands_in_them,
        a_sender_may_give_up,
        every_cut_is_refused,
        what_is_not_of_the_form_is_refused,
        a_section_too_many_is_refused,
        it_is_read_in_pieces_and_left_open_for_the_decision,
        more_than_may_come_is_refused_while_it_comes,
        a_record_goes_up_in_its_frame,
        only_the_word_commit_registers,
    };
    return UNIT_RUN("gate", tests, NULL);
}
