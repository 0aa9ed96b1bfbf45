/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/address.h"

#include <stdio.h>
#include <string.h>

#include "cmd/pg/env.h"
#include "cmd/pg/keywords.h"
#include "core/base/num.h"
#include "core/store/wire.h"

#define ANSWER_S 60u
#define CONNECT_S 10u
#define CONNECT_S_MAX 120u

_Static_assert(MK_WIRE_WAIT_MAX == 3600 && CONNECT_S_MAX == 120,
               "errors, their Dutch and meldkluis-pg(1) say so");

/* ---- our own keywords ---- */

static bool is_name(const char *p, size_t n)
{
    if (n == 0 || n >= MK_ADDRESS_NAME || (*p >= '0' && *p <= '9'))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 'a' && p[i] <= 'z') && !(p[i] >= '0' && p[i] <= '9') &&
            p[i] != '_')
            return false;
    return true;
}

/* Does the item p begin with word, and what follows it? */
static bool has_key(const char **p, size_t *n, const char *word)
{
    size_t len = strlen(word);

    if (*n < len || memcmp(*p, word, len) != 0)
        return false;
    *p += len;
    *n -= len;
    return true;
}

/* *own: the item is ours. */
static enum mk_err read_own(struct mk_address *a, const char *p, size_t n,
                            bool *own, struct mk_diag *diag)
{
    uint64_t seconds;

    *own = true;
    if (has_key(&p, &n, "answer_timeout=")) {
        if (!mk_num_parse(p, n, 1, MK_WIRE_WAIT_MAX, &seconds))
            return mk_fail(diag, MK_E_SERVER_ADDRESS,
                           "answer_timeout (1 to 3600 seconds)");
        a->answer_s = (unsigned)seconds;
    } else if (has_key(&p, &n, "schema=")) {
        if (!is_name(p, n))
            return mk_fail(diag, MK_E_SERVER_ADDRESS, "schema");
        memcpy(a->schema, p, n);
        a->schema[n] = '\0';
    } else {
        *own = false;
    }
    return MK_OK;
}

/* out becomes url without the keywords that are ours. */
static enum mk_err take_own(struct mk_address *a, const char *url,
                            struct mk_buf *out, struct mk_diag *diag)
{
    const char *p = strchr(url, '?');
    char before = '?';
    enum mk_err rc;
    bool own;

    MK_TRY(mk_buf_add(out, url, p ? (size_t)(p - url) : strlen(url)));
    while (p && *p != '\0') {
        size_t n = strcspn(++p, "&");

        MK_TRY(read_own(a, p, n, &own, diag));
        if (!own) {
            MK_TRY(mk_buf_add(out, &before, 1));
            MK_TRY(mk_buf_add(out, p, n));
            before = '&';
        }
        p += n;
    }
    MK_TRY(mk_buf_terminate(out));
out:
    return rc;
}

/* ---- what libpq knows ---- */

static const char *value_in(const PQconninfoOption *options, const char *key)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, key) == 0)
            return options->val && *options->val ? options->val : NULL;
    return NULL;
}

static const char *value_of(const struct mk_address *a, const char *key)
{
    const char *value = value_in(a->given, key);

    return value ? value : value_in(a->defaults, key);
}

/* libpq's words, which may hold a password when they quote the address: only
 * the name of a keyword is quoted. */
static void quote(struct mk_diag *diag, const char *text)
{
    static const char keyword[] = "invalid URI query parameter: ";
    size_t n = strncmp(text, keyword, sizeof(keyword) - 1) == 0
                   ? strcspn(text, "\n")
                   : strcspn(text, "\":\n");

    mk_diag_said(diag, text, n);
}

/* "//user:password@": before libpq sees it, whose words would quote it. */
static bool has_password(const char *url)
{
    const char *p = strstr(url, "://");
    size_t n = p ? strcspn(p + 3, "@/") : 0;

    return n > 0 && p[3 + n] == '@' && memchr(p + 3, ':', n);
}

static enum mk_err refuse_password(struct mk_diag *diag)
{
    return mk_fail(diag, MK_E_SERVER_ADDRESS,
                   "a password in the address; use .pgpass");
}

/* libpq tells what is wrong with a service only to who connects: so it is
 * asked to, with a word that it refuses before it looks for a host. */
static enum mk_err check_service(const char *name, struct mk_diag *diag)
{
    static const char *const keys[] = {"service", "application_name",
                                       "target_session_attrs", NULL};
    const char *const values[] = {name, "meldkluis", "?", NULL};
    PGconn *conn = PQconnectStartParams(keys, values, 0);
    PQconninfoOption *known = conn ? PQconninfo(conn) : NULL;
    enum mk_err rc = MK_OK;

    if (!known) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
    } else if (!value_in(known, "application_name")) {
        const char *text = PQerrorMessage(conn);

        rc = mk_fail(diag, MK_E_SERVER_ADDRESS, "service");
        mk_diag_said(diag, text, strcspn(text, "\n"));
    }
    PQconninfoFree(known);
    PQfinish(conn);
    return rc;
}

/* What environment and service file say.  libpq is told all of it with each
 * host, and finds no service when it connects: a file that changes meanwhile
 * changes nothing. */
static enum mk_err read_defaults(struct mk_address *a, struct mk_diag *diag)
{
    const char *service = value_in(a->given, "service");
    enum mk_err rc;

    if (service)
        MK_TRY(mk_pg_env_service(service, diag));
    service = mk_pg_env_get("PGSERVICE");
    if (service)
        MK_TRY(check_service(service, diag));
    a->defaults = PQconndefaults();
    if (!a->defaults)
        MK_TRY(mk_fail(diag, MK_E_MEMORY, NULL));
    MK_TRY(mk_pg_env_service(NULL, diag));
    MK_TRY(mk_keywords_check(a->defaults, true, diag));
out:
    return rc;
}

static enum mk_err parse(struct mk_address *a, const char *url,
                         struct mk_diag *diag)
{
    char *text = NULL;
    enum mk_err rc;

    if (has_password(url))
        return refuse_password(diag);
    a->given = PQconninfoParse(url, &text);
    if (!a->given) {
        rc = mk_fail(diag, text ? MK_E_SERVER_ADDRESS : MK_E_MEMORY,
                     "a keyword or its value");
        if (text)
            quote(diag, text);
        PQfreemem(text);
        return rc;
    }
    if (value_in(a->given, "password"))
        return refuse_password(diag);
    MK_TRY(mk_keywords_check(a->given, false, diag));
    MK_TRY(read_defaults(a, diag));
out:
    return rc;
}

/* ---- hosts ---- */

/* Item i of a list with commas; false when there are fewer. */
static bool item(const char *list, size_t i, const char **p, size_t *n)
{
    for (;; i--) {
        *n = strcspn(list, ",");
        *p = list;
        if (i == 0)
            return true;
        if (list[*n] == '\0')
            return false;
        list += *n + 1;
    }
}

static size_t count_items(const char *list)
{
    size_t n = 1;

    for (; list && *list; list++)
        n += *list == ',';
    return n;
}

static enum mk_err copy_item(char *out, size_t size, const char *list,
                             size_t i, const char *what, struct mk_diag *diag)
{
    const char *p;
    size_t n;

    out[0] = '\0';
    if (!list)
        return MK_OK;
    if (!item(list, i, &p, &n) || n >= size)
        return mk_fail(diag, MK_E_SERVER_ADDRESS, what);
    memcpy(out, p, n);
    out[n] = '\0';
    return MK_OK;
}

/* Within this machine nobody listens on the way. */
static bool is_local(const char *host, const char *hostaddr)
{
    const char *where = *hostaddr ? hostaddr : host;

    return *where == '\0' || *where == '/' || *where == '@' ||
           strcmp(where, "localhost") == 0 || strcmp(where, "::1") == 0 ||
           (strncmp(where, "127.", 4) == 0 &&
            strspn(where, "0123456789.") == strlen(where));
}

/* Does host i name a place?  libpq takes one that is empty for the socket of
 * this machine, where nobody may have meant it. */
static enum mk_err check_host(const struct mk_address *a,
                              const struct mk_address_host *h,
                              struct mk_diag *diag)
{
    uint64_t port;

    if ((value_of(a, "host") || value_of(a, "hostaddr")) && !*h->host &&
        !*h->hostaddr)
        return mk_fail(diag, MK_E_SERVER_ADDRESS, "host");
    if (*h->port &&
        !mk_num_parse(h->port, strlen(h->port), 1, UINT16_MAX, &port))
        return mk_fail(diag, MK_E_SERVER_ADDRESS, "port (1 to 65535)");
    return MK_OK;
}

static enum mk_err add(struct mk_address_host *out, const char *key,
                       const char *value, struct mk_diag *diag)
{
    if (!value || !*value)
        return MK_OK;
    if (out->n + 1 == MK_ADDRESS_KEYS) /* one is for the end */
        return mk_fail(diag, MK_E_SERVER_KEYWORD, key);
    out->keys[out->n] = key;
    out->values[out->n++] = value;
    return MK_OK;
}

static bool is_ours(const char *key)
{
    static const char *const keys[] = {
        "host",    "hostaddr",         "port",
        "sslmode", "application_name", "client_encoding",
        "service", "connect_timeout",  "target_session_attrs"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* What is the same for all hosts. */
static enum mk_err add_common(const struct mk_address *a,
                              struct mk_address_host *out,
                              struct mk_diag *diag)
{
    const char *session = value_of(a, "target_session_attrs");
    enum mk_err rc = MK_OK;

    for (const PQconninfoOption *o = a->given; o->keyword; o++)
        if (!is_ours(o->keyword))
            MK_TRY(add(out, o->keyword, value_of(a, o->keyword), diag));
    MK_TRY(add(out, "sslmode", a->tls, diag));
    /* a vault is never read without writing to its log */
    if (!session || strcmp(session, "any") == 0)
        session = value_in(a->given, "target_session_attrs");
    MK_TRY(add(out, "target_session_attrs", session ? session : "read-write",
               diag));
    MK_TRY(add(out, "application_name", "meldkluis", diag));
    MK_TRY(add(out, "client_encoding", "UTF8", diag));
out:
    return rc;
}

enum mk_err mk_address_host(const struct mk_address *a, size_t i,
                            struct mk_address_host *out, struct mk_diag *diag)
{
    const char *ports = value_of(a, "port");
    enum mk_err rc;

    memset(out, 0, sizeof(*out));
    MK_TRY(copy_item(out->host, sizeof(out->host), value_of(a, "host"), i,
                     "host", diag));
    MK_TRY(copy_item(out->hostaddr, sizeof(out->hostaddr),
                     value_of(a, "hostaddr"), i, "hostaddr", diag));
    MK_TRY(copy_item(out->port, sizeof(out->port), ports,
                     count_items(ports) == 1 ? 0 : i, "port", diag));
    MK_TRY(check_host(a, out, diag));
    MK_TRY(add(out, "host", out->host, diag));
    MK_TRY(add(out, "hostaddr", out->hostaddr, diag));
    MK_TRY(add(out, "port", out->port, diag));
    MK_TRY(add_common(a, out, diag));
out:
    return rc;
}

/* sslmode as somebody chose it, else the strictest for a host that is not on
 * this machine. */
static enum mk_err choose_tls(struct mk_address *a, struct mk_diag *diag)
{
    const char *otherwise = value_in(a->defaults, "sslmode");
    struct mk_address_host h;
    bool far = false;
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < a->hosts; i++) {
        MK_TRY(mk_address_host(a, i, &h, diag));
        far = far || !is_local(h.host, h.hostaddr);
    }
    a->tls = value_in(a->given, "sslmode");
    if (a->tls)
        return MK_OK;
    /* libpq's own default says nothing of what anybody wants */
    if (otherwise &&
        (mk_pg_env_get("PGSSLMODE") || strcmp(otherwise, "prefer") != 0)) {
        a->tls = otherwise;
        return MK_OK;
    }
    if (far)
        a->tls = "verify-full";
out:
    return rc;
}

static enum mk_err read_connect_timeout(struct mk_address *a,
                                        struct mk_diag *diag)
{
    const char *text = value_of(a, "connect_timeout");
    uint64_t seconds = CONNECT_S;

    if (text && !mk_num_parse(text, strlen(text), 1, CONNECT_S_MAX, &seconds))
        return mk_fail(diag, MK_E_SERVER_ADDRESS,
                       "connect_timeout (1 to 120 seconds)");
    a->connect_s = (unsigned)seconds;
    return MK_OK;
}

/* Lists that belong together are of one length; one port serves all hosts. */
static enum mk_err count_hosts(struct mk_address *a, struct mk_diag *diag)
{
    const char *host = value_of(a, "host");
    const char *addr = value_of(a, "hostaddr");
    size_t ports = count_items(value_of(a, "port"));

    a->hosts = count_items(host ? host : addr);
    if (addr && count_items(addr) != a->hosts)
        return mk_fail(diag, MK_E_SERVER_ADDRESS, "hostaddr");
    return ports == 1 || ports == a->hosts
               ? MK_OK
               : mk_fail(diag, MK_E_SERVER_ADDRESS, "port");
}

enum mk_err mk_address_read(struct mk_address *a, const char *url,
                            struct mk_diag *diag)
{
    struct mk_buf rest = MK_BUF_INIT;
    enum mk_err rc;

    memset(a, 0, sizeof(*a));
    a->answer_s = ANSWER_S;
    (void)snprintf(a->schema, sizeof(a->schema), "meldkluis");
    if (strncmp(url, "postgresql://", 13) != 0 &&
        strncmp(url, "postgres://", 11) != 0)
        return mk_fail(diag, MK_E_SERVER_ADDRESS, "postgresql://");
    MK_TRY(take_own(a, url, &rest, diag));
    MK_TRY(parse(a, (const char *)rest.data, diag));
    MK_TRY(read_connect_timeout(a, diag));
    MK_TRY(count_hosts(a, diag));
    MK_TRY(choose_tls(a, diag));
    /* libpq would take the name of the account, which nobody meant */
    if (!value_of(a, "dbname"))
        rc = mk_fail(diag, MK_E_SERVER_ADDRESS, "dbname");
out:
    mk_buf_release(&rest);
    return rc;
}

void mk_address_release(struct mk_address *a)
{
    PQconninfoFree(a->given);
    PQconninfoFree(a->defaults);
    memset(a, 0, sizeof(*a));
}
