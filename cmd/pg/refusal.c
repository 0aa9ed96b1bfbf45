/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/refusal.h"

#include <string.h>

#define STATE 5 /* characters of an SQLSTATE */

/* ---- what libpq says ---- */

/* What the server said comes as its code only (PQERRORS_SQLSTATE), which ends
 * the message; what libpq says itself is text. */
static bool find_state(const char *p, size_t n, char out[static STATE + 1])
{
    if (n < STATE + 2 || p[n - STATE - 1] != ' ' || p[n - STATE - 2] != ' ')
        return false;
    memcpy(out, p + n - STATE, STATE);
    out[STATE] = '\0';
    if (strspn(out, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == STATE)
        return true;
    out[0] = '\0';
    return false;
}

/* A line of libpq's message, without where it was said. */
static const char *without_place(const char *p, size_t *n)
{
    static const char failed[] = " failed: ";
    const char *said = memmem(p, *n, failed, sizeof(failed) - 1);

    if (said) {
        said += sizeof(failed) - 1;
        *n -= (size_t)(said - p);
        p = said;
    }
    return p;
}

/* The code that a line ends with, else the first line: what follows it are
 * hints.  state is empty without a code. */
static const char *find_reason(const char *text, size_t *n,
                               char state[static STATE + 1])
{
    const char *first = text;

    state[0] = '\0';
    while (*text != '\0') {
        *n = strcspn(text, "\n");
        if (find_state(text, *n, state))
            return text;
        text += *n + (text[*n] == '\n');
    }
    *n = strcspn(first, "\n");
    return without_place(first, n);
}

/* ---- what it means ---- */

struct meaning {
    const char *sign; /* SQLSTATE, or how it begins; or words of libpq */
    enum mk_err err;
    const char *reason; /* in our words (places.def); NULL: libpq's */
};

static const struct meaning by_state[] = {
    {"28", MK_E_SERVER_DENIED, "refuses this account"},
    /* the account may not connect to this database */
    {"42501", MK_E_SERVER_DENIED, "refuses this account"},
    {"3D000", MK_E_SERVER_DATABASE, "has no such database"},
    {"57P03", MK_E_SERVER, "starts or stops"},
    {"53300", MK_E_SERVER_FULL, "has too many connections"},
    {"", MK_E_SERVER, "refuses"},
};
static const struct meaning by_words[] = {
    {"session is read-only", MK_E_SERVER_STANDBY, "takes no writes"},
    {"server is in hot standby mode", MK_E_SERVER_STANDBY, "takes no writes"},
    /* of a keyword: libpq did not begin to connect */
    {"invalid ", MK_E_SERVER_ADDRESS, NULL},
    {"", MK_E_SERVER, NULL},
};
static const struct meaning too_late = {"", MK_E_SERVER, "gives no answer"};
static const struct meaning no_password = {"", MK_E_SERVER_DENIED,
                                           "asks for a password"};

static const struct meaning *find_meaning(const struct meaning *of,
                                          const char *text)
{
    while (strncmp(text, of->sign, strlen(of->sign)) != 0)
        of++;
    return of;
}

/* Which of two counts for all: to be refused by one is worth knowing, whatever
 * the next says; that nobody takes writes is so only if all say it. */
static unsigned weight(enum mk_err err)
{
    switch (err) {
    case MK_E_SERVER_ADDRESS:
        return 5;
    case MK_E_SERVER_DENIED:
        return 4;
    case MK_E_SERVER_DATABASE:
        return 3;
    case MK_E_SERVER_FULL:
        return 2;
    case MK_E_SERVER:
        return 1;
    default:
        return 0;
    }
}

static enum mk_err count(struct mk_refusals *r, enum mk_err err,
                         const char *place)
{
    enum mk_err rc = MK_OK;

    if (r->err != MK_OK && weight(err) <= weight(r->err))
        return MK_OK;
    r->err = err;
    mk_buf_clear(&r->place);
    MK_TRY(mk_buf_add_str(&r->place, place));
out:
    return rc;
}

static enum mk_err add_reason(struct mk_refusals *r, const char *host,
                              const struct meaning *m, const char *state,
                              const char *text, size_t n)
{
    enum mk_err rc;

    MK_TRY(mk_buf_addf(&r->hosts, "%s%s", r->hosts.len > 0 ? ", " : "", host));
    MK_TRY(mk_buf_addf(&r->said, "%s%s: ", r->said.len > 0 ? "; " : "", host));
    if (m->reason)
        MK_TRY(mk_buf_add_str(&r->said, m->reason));
    else
        MK_TRY(mk_buf_add(&r->said, text, n));
    if (*state != '\0')
        MK_TRY(mk_buf_addf(&r->said, " (%s)", state));
out:
    return rc;
}

enum mk_err mk_refusals_add(struct mk_refusals *r, const PGconn *conn,
                            const char *host, bool late, struct mk_diag *diag)
{
    char state[STATE + 1] = "";
    const struct meaning *m;
    const char *text;
    enum mk_err rc;
    size_t n;

    text = find_reason(PQerrorMessage(conn), &n, state);
    if (late)
        m = &too_late;
    else if (*state != '\0')
        m = find_meaning(by_state, state);
    else if (PQconnectionNeedsPassword(conn))
        m = &no_password;
    else
        m = find_meaning(by_words, text);
    MK_TRY(add_reason(r, host, m, state, text, n));
    MK_TRY(
        count(r, m->err, m->err == MK_E_SERVER_DATABASE ? PQdb(conn) : host));
    return MK_OK;
out:
    return mk_fail(diag, rc, NULL);
}

enum mk_err mk_refusals_tell(struct mk_refusals *r, struct mk_diag *diag)
{
    const bool all = r->err == MK_E_SERVER || r->err == MK_E_SERVER_STANDBY;
    struct mk_buf *about = all ? &r->hosts : &r->place;

    if (mk_buf_terminate(about) != MK_OK)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    (void)mk_fail(diag, r->err,
                  r->err == MK_E_SERVER_ADDRESS ? "a keyword or its value"
                                                : (const char *)about->data);
    mk_diag_said(diag, (const char *)r->said.data, r->said.len);
    return r->err;
}

void mk_refusals_release(struct mk_refusals *r)
{
    mk_buf_release(&r->place);
    mk_buf_release(&r->hosts);
    mk_buf_release(&r->said);
}
