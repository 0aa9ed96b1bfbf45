/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/keywords.h"

#include <libpq-fe.h>
#include <string.h>

/* Where, as whom, how safely, how patiently. */
static const struct {
    const char *name;
    const char *variable; /* that libpq reads; NULL: not for us */
    bool in_file;         /* in a service file only */
} words[] = {
    {"service", "PGSERVICE", false},
    {"host", "PGHOST", false},
    {"hostaddr", "PGHOSTADDR", false},
    {"port", "PGPORT", false},
    {"dbname", "PGDATABASE", false},
    {"user", "PGUSER", false},
    {"target_session_attrs", "PGTARGETSESSIONATTRS", false},
    {"load_balance_hosts", "PGLOADBALANCEHOSTS", false},
    {"password", NULL, true},
    {"passfile", "PGPASSFILE", false},
    {"require_auth", "PGREQUIREAUTH", false},
    {"channel_binding", "PGCHANNELBINDING", false},
    {"requirepeer", "PGREQUIREPEER", false},
    {"gssencmode", "PGGSSENCMODE", false},
    {"krbsrvname", "PGKRBSRVNAME", false},
    {"sslmode", "PGSSLMODE", false},
    {"sslnegotiation", "PGSSLNEGOTIATION", false},
    {"sslrootcert", "PGSSLROOTCERT", false},
    {"sslcert", "PGSSLCERT", false},
    {"sslkey", "PGSSLKEY", false},
    {"sslpassword", NULL, true},
    {"sslcertmode", "PGSSLCERTMODE", false},
    {"sslcrl", "PGSSLCRL", false},
    {"sslcrldir", "PGSSLCRLDIR", false},
    {"sslsni", "PGSSLSNI", false},
    {"ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", false},
    {"ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", false},
    {"connect_timeout", "PGCONNECT_TIMEOUT", false},
    {"keepalives", NULL, false},
    {"keepalives_idle", NULL, false},
    {"keepalives_interval", NULL, false},
    {"keepalives_count", NULL, false},
    {"tcp_user_timeout", NULL, false},
};
#define KEYWORDS (sizeof(words) / sizeof(*words))

/* Of variables that are no keyword: where service files are, and the old way
 * to ask for TLS. */
static const char *const others[] = {"PGSERVICEFILE", "PGSYSCONFDIR",
                                     "PGREQUIRESSL"};

bool mk_keyword_is_free(const char *name, bool service)
{
    for (size_t i = 0; i < KEYWORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return service || !words[i].in_file;
    return false;
}

static bool is_set_by(const char *variable, const char *name)
{
    size_t n = name ? strlen(name) : 0;

    return n > 0 && strncmp(variable, name, n) == 0 && variable[n] == '=';
}

bool mk_keyword_has_variable(const char *variable)
{
    for (size_t i = 0; i < KEYWORDS; i++)
        if (is_set_by(variable, words[i].variable))
            return true;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (is_set_by(variable, others[i]))
            return true;
    return false;
}

/* Not what libpq says by itself. */
static bool is_said(const PQconninfoOption *o, bool service)
{
    if (!o->val)
        return false;
    return !service || (*o->val != '\0' &&
                        (!o->compiled || strcmp(o->val, o->compiled) != 0));
}

enum mk_err mk_keywords_check(const PQconninfoOption *options, bool service,
                              struct mk_diag *diag)
{
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        if (!is_said(o, service))
            continue;
        if (!mk_keyword_is_free(o->keyword, service) || *o->val == '\0')
            return mk_fail(diag, MK_E_SERVER_KEYWORD, o->keyword);
        /* "engine:key": OpenSSL would load the engine, a library at whatever
         * path that names */
        if (strcmp(o->keyword, "sslkey") == 0 && strchr(o->val, ':'))
            return mk_fail(diag, MK_E_SERVER_KEYWORD, "sslkey=engine:");
    }
    return MK_OK;
}
