/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/export_scene.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/verify/files.h"

const char *const mk_xs_verdicts[MK_VF_VERDICTS] = {"intact", "complete",
                                                    "allowed"};

struct mk_kr_office *mk_xs_office(void)
{
    /* writable global: making one takes seconds, and nobody changes it */
    static struct mk_kr_office office;
    if (!office.k)
        mk_kr_office_make(&office);
    return &office;
}

void mk_xs_begin(struct mk_xs *s)
{
    static unsigned number;
    const char *tmp = getenv("MK_TMP");

    memset(s, 0, sizeof *s);
    snprintf(s->folder, sizeof s->folder, "%s/export-%d-%u",
             tmp ? tmp : "/tmp", (int)getpid(), number++);
    ck_assert_int_eq(mkdir(s->folder, 0700), 0);
    mk_xk_make(&s->x, mk_xs_office());
    mk_xk_work(&s->x, 10); /* 24 entries, 12 heads */
}

void mk_xs_written(struct mk_xs *s)
{
    mk_xk_write(&s->x, s->folder);
}

struct mk_buf *mk_xs_witness(struct mk_xs *s, const char *name)
{
    struct mk_vf_given_file *w = &s->witness[s->n_witnesses++];

    w->path = name;
    mk_buf_init(&w->text);
    return &w->text;
}

void mk_xs_judge(struct mk_xs *s)
{
    struct mk_secret *rl =
        mk_secret_part(mk_xs_office()->secrets[MK_KEY_RL], 0, 32);
    struct mk_vf_job job = {.secret = s->no_key ? NULL : mk_secret_peek(rl),
                            .witness = s->witness,
                            .n_witnesses = s->n_witnesses,
                            .since = s->has_since ? &s->since : NULL};
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_vf_folder(&job.dir, s->folder, &diag), MK_OK);
    ck_assert_msg(mk_vf_judge(&job, &s->report, &diag) == MK_OK, "%s %s",
                  mk_err_name(diag.err), diag.place);
    close(job.dir);
    mk_secret_free(rl);
}

void mk_xs_end(struct mk_xs *s)
{
    mk_xk_release(&s->x);
    for (size_t i = 0; i < s->n_witnesses; i++)
        mk_buf_release(&s->witness[i].text);
    mk_buf_release(&s->since.text);
}

void mk_xs_mark(const struct mk_xk *x, struct mk_buf *out)
{
    const size_t n = MK_HEAD + MK_SIG;

    ck_assert_int_eq(mk_buf_add_str(out, "MKM1"), MK_OK);
    ck_assert_int_eq(mk_buf_add(out, x->heads.data + x->heads.len - n, n),
                     MK_OK);
}

void mk_xs_row(const struct mk_xs *s, const char *name,
               char out[static MK_XS_ROW])
{
    struct mk_buf text = MK_BUF_INIT;

    for (size_t v = 0; v < MK_VF_VERDICTS; v++) {
        const struct mk_vf_opinion *o = &s->report.verdict[v];

        if (o->failed == 0)
            continue;
        ck_assert_int_eq(mk_vf_sentence(&text, &o->kept[0], true), MK_OK);
        snprintf(out, MK_XS_ROW, "| %s | %s | %.*s |\n", name,
                 mk_xs_verdicts[v], (int)text.len, (const char *)text.data);
        mk_buf_release(&text);
        return;
    }
    snprintf(out, MK_XS_ROW, "| %s | passes | |\n", name);
}
