/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault on a server: meldkluis-pg, which speaks to it, is started here. */
#include "cmd/app.h"
#include "cmd/program.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static const char program[] = "meldkluis-pg";

bool mk_session_is_url(const char *place)
{
    return strncmp(place, "postgresql://", 13) == 0 ||
           strncmp(place, "postgres://", 11) == 0;
}

/* A folder may have any name, but nobody means one by this. */
static bool looks_like_url(const char *place)
{
    size_t n = strspn(place, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    return n > 0 && place[n] == ':' &&
           (strncmp(place + n, "://", 3) == 0 ||
            strncasecmp(place, "postgres:", 9) == 0 ||
            strncasecmp(place, "postgresql:", 11) == 0);
}

enum mk_err mk_session_is_place(struct mk_app *app, const char *place)
{
    return mk_session_is_url(place) || !looks_like_url(place)
               ? MK_OK
               : mk_fail(&app->diag, MK_E_USAGE,
                         MK_T(app,
                              "een adres begint met postgresql:// in kleine "
                              "letters; een map die zo heet met ./",
                              "an address begins with postgresql:// in small "
                              "letters; a folder of such a name with ./"));
}

static enum mk_err start(struct mk_app *app, int *fd)
{
    const char *const argv[] = {program, NULL};
    int ends[2];
    pid_t pid;
    enum mk_err rc;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return mk_fail_sys(&app->diag, MK_E_IO, program);
    rc = mk_program_start(&pid, program, argv, app->env.server, ends[1], -1,
                          false, &app->diag);
    (void)close(ends[1]);
    if (rc == MK_OK)
        *fd = ends[0];
    else
        (void)close(ends[0]);
    return rc;
}

/* The program ends with its socket; nobody waits for it. */
enum mk_err mk_session_reach(struct mk_app *app, const char *url,
                             struct mk_server **out)
{
    enum mk_err rc;
    int fd;
    MK_TRY(start(app, &fd));
    MK_TRY(mk_server_open(out, fd, url, &app->diag));
out:
    return rc;
}

enum mk_err mk_session_connect(struct mk_app *app)
{
    return app->where.server || !mk_session_is_url(app->vault_path)
               ? MK_OK
               : mk_session_reach(app, app->vault_path, &app->where.server);
}
