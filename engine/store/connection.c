#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

struct rebut_store {
    PGconn *connection;
    PGcancel *cancel;
    char state[6];
    struct store_prepared prepared;
};

PGconn *rebut_store_pq(struct rebut_store *store)
{
    return store->connection;
}

struct store_prepared *rebut_store_prepared(struct rebut_store *store)
{
    return &store->prepared;
}

const char *rebut_store_state(const struct rebut_store *store)
{
    return store->state;
}

bool rebut_store_is_idle(const struct rebut_store *store)
{
    return PQtransactionStatus(store->connection) == PQTRANS_IDLE;
}

/* ---- what went wrong ---- */

static bool begins(const char *state, const char *with)
{
    return strncmp(state, with, strlen(with)) == 0;
}

/* Worth another try: the connection, resources, deadlock and serialization, operator
 * intervention, a lock not to be had. */
static bool is_passing(const char *state)
{
    return begins(state, "08") || begins(state, "53") || begins(state, "40") ||
           begins(state, "57") || strcmp(state, "55P03") == 0;
}

/* The schema is not what this program was written for, or is closed to this login. */
static bool is_schema(const char *state)
{
    return begins(state, "42P") || strcmp(state, "42703") == 0 ||
           strcmp(state, "42883") == 0 || strcmp(state, "42804") == 0 ||
           begins(state, "3F") || begins(state, "3D") || strcmp(state, "42501") == 0;
}

/* Errors that our own functions raise (sql/migrations/0005, 0009 and 0013): what they
 * mean to whoever called.  Their words are ours, hold no text of anybody and are shown as
 * they are. */
static const struct {
    const char *state;
    enum rebut_code code;
} own_errors[] = {
    {"RB001", REBUT_ETRY},   /* in the hands of another */
    {"RB003", REBUT_ETRY},   /* decided meanwhile: the race is lost */
    {"RB006", REBUT_EUSAGE}, /* an argument out of range */
    {"RB007", REBUT_EDATA},  /* no such request */
    {"RB011", REBUT_EDATA},  /* a source schema that does not fit */
    {"RB013", REBUT_EDATA},  /* an entry that contradicts its appeal */
    {"RB014", REBUT_ETRY},   /* handed to a senior meanwhile */
};                           /* the others: EIO */

static bool is_own(const char *state)
{
    return begins(state, "RB");
}

static enum rebut_code code_of_own(const char *state)
{
    for (size_t i = 0; i < sizeof own_errors / sizeof own_errors[0]; i++)
        if (strcmp(state, own_errors[i].state) == 0)
            return own_errors[i].code;
    return REBUT_EIO;
}

static enum rebut_code code_of(const char *state)
{
    return is_passing(state) ? REBUT_ETRY : is_schema(state) ? REBUT_EDATA : REBUT_EIO;
}

/* May the server's message quote values of rows?  P0: what a platform's own trigger or
 * function says. */
static bool quotes_data(const char *state)
{
    return begins(state, "22") || begins(state, "23") || begins(state, "P0");
}

static bool fail_lost(struct rebut_store *store, struct rebut_error *err)
{
    char words[200];
    snprintf(words, sizeof words, "%s", PQerrorMessage(store->connection));
    words[strcspn(words, "\n")] = '\0';
    return rebut_fail(err, REBUT_ETRY, "lost the connection to the database: %s", words);
}

bool rebut_store_failed(struct rebut_store *store, const PGresult *result,
                        struct rebut_error *err)
{
    const char *state =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(store->state, sizeof store->state, "%s", state == NULL ? "" : state);
    /* Without a state it is libpq that speaks, and not the server.  After a write that
     * failed it may take the connection for a good one. */
    const ExecStatusType status = PQresultStatus(result);
    if (state == NULL &&
        (PQstatus(store->connection) != CONNECTION_OK || status == PGRES_FATAL_ERROR))
        return fail_lost(store, err);
    if (state == NULL)
        return rebut_fail(err, REBUT_EIO, "the database gave an unexpected answer: %s",
                          PQresStatus(status));
    if (is_own(state))
        return rebut_fail(err, code_of_own(state), "%.400s",
                          PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (!quotes_data(state))
        return rebut_fail(err, code_of(state), "database error %s: %.300s", state,
                          PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    return rebut_fail(err, code_of(state), "database error %s%s%s", state,
                      name == NULL ? " on a value" : " on constraint ",
                      name == NULL ? "" : name);
}

/* ---- the connection ---- */

static void hush(void *context, const PGresult *result)
{
    (void)context, (void)result;
}

/* Does a server answer, and will it say the same tomorrow?  libpq has no SQLSTATE here;
 * in another language than English it is taken for something that may pass. */
static bool is_turned_away(const char *words)
{
    static const char *const lasting[] = {"does not exist", "authentication failed",
                                          "no pg_hba.conf entry", "permission denied",
                                          "not permitted to log in"};
    if (strstr(words, "FATAL:") == NULL)
        return false;
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
        if (strstr(words, lasting[i]) != NULL)
            return true;
    return false;
}

static bool refuse(PGconn *connection, struct rebut_error *err)
{
    char words[300];
    snprintf(words, sizeof words, "%s", PQerrorMessage(connection));
    words[strcspn(words, "\n")] = '\0';
    /* libpq names what it could not read before it tries any server. */
    const bool usage = PQsocket(connection) < 0 && PQserverVersion(connection) == 0 &&
                       (strstr(words, "invalid connection option") != NULL ||
                        strstr(words, "missing \"=\"") != NULL ||
                        strstr(words, "definition of service") != NULL ||
                        strstr(words, "service file") != NULL ||
                        strstr(words, "invalid port number") != NULL);
    return rebut_fail(err,
                      usage                   ? REBUT_EUSAGE
                      : is_turned_away(words) ? REBUT_EIO
                                              : REBUT_ETRY,
                      "cannot connect to the database: %s", words);
}

/* Where nobody answers any more, and no word of it comes (a cable, a firewall), a session
 * ends after half a minute instead of a quarter of an hour.  Before the caller's words,
 * so that these win. */
#define PATIENCE                                                                         \
    "tcp_user_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count"
#define PATIENCE_VALUES "30000", "15", "5", "3"

static PGconn *connect_to(const char *conninfo, const char *purpose)
{
    char application[64];
    snprintf(application, sizeof application, "rebut %s", purpose);
    const char *const keywords[] = {PATIENCE, "dbname", "application_name",
                                    "client_encoding", NULL};
    const char *const values[] = {PATIENCE_VALUES, conninfo, application, "UTF8", NULL};
    return PQconnectdbParams(keywords, values, 1);
}

static const char settings[] = "SET search_path = ''; SET timezone = 'UTC'; "
                               "SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601'; "
                               "SET standard_conforming_strings = on; "
                               "SET idle_in_transaction_session_timeout = 0; "
                               "SET idle_session_timeout = 0";

bool rebut_store_open(struct rebut_store **ret, const char *conninfo, const char *purpose,
                      struct rebut_error *err)
{
    *ret = NULL;
    struct rebut_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return rebut_fail_memory(err, "a connection");
    /* An empty dbname would not be taken from the environment. */
    const bool given = conninfo != NULL && conninfo[0] != '\0';
    store->connection = connect_to(given ? conninfo : NULL, purpose);
    if (store->connection == NULL) {
        rebut_store_close(store);
        return rebut_fail_memory(err, "a connection");
    }
    if (PQstatus(store->connection) != CONNECTION_OK) {
        refuse(store->connection, err);
        rebut_store_close(store);
        return false;
    }
    PQsetNoticeReceiver(store->connection, hush, NULL);
    store->cancel = PQgetCancel(store->connection);
    if (!rebut_store_run(store, settings, err)) {
        rebut_store_close(store);
        return false;
    }
    *ret = store;
    return true;
}

void rebut_store_close(struct rebut_store *store)
{
    if (store == NULL)
        return;
    PQfreeCancel(store->cancel);
    PQfinish(store->connection);
    free(store);
}

void rebut_store_cancel(const struct rebut_store *store)
{
    char words[256];
    if (store != NULL && store->cancel != NULL)
        PQcancel(store->cancel, words, sizeof words);
}
