/* A COMMIT whose answer was lost: the server knows what became of it, and tells whoever
 * has the transaction's number. */
#include <string.h>
#include <time.h>

#include "parts.h"
#include "statements.h"

#define ASKED_TIMES 100
#define PAUSE_MS 300

static void pause_a_while(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    nanosleep(&pause, NULL);
}

bool rebut_night_number(struct night *night, char ret_xid[REBUT_NUMBER_SIZE],
                        struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(night->desk, rebut_sql_xact, NULL, 0, &rows, err))
        return false;
    rebut_number_text(rebut_rows_integer(&rows, 0, 0), ret_xid);
    rebut_rows_release(&rows);
    return true;
}

/* The old session is of no use; the lock went with it. */
static bool connect_again(struct night *night, struct rebut_error *err)
{
    if (night->job->hand != NULL)
        night->job->hand->stores[0] = NULL;
    rebut_store_close(night->desk);
    night->desk = NULL;
    return rebut_night_connect(night, &night->desk, 0, err);
}

static enum night_fate ask(struct night *night, const char *xid)
{
    struct rebut_error ignored = {0};
    struct rebut_rows rows;
    enum night_fate fate = NIGHT_UNKNOWN;
    if (!rebut_store_query(night->desk, rebut_sql_xact_fate, &xid, 1, &rows, &ignored))
        return NIGHT_UNKNOWN;
    const char *word = rebut_rows_get(&rows, 0, 0);
    if (word != NULL)
        fate = strcmp(word, "committed") == 0 ? NIGHT_WRITTEN : NIGHT_NOT_WRITTEN;
    rebut_rows_release(&rows);
    return fate;
}

enum night_fate rebut_night_fate(struct night *night, const char *xid)
{
    enum night_fate fate = NIGHT_UNKNOWN;
    for (int i = 0; i < ASKED_TIMES && !rebut_night_stopped(night); i++) {
        struct rebut_error ignored = {0};
        if (i > 0)
            pause_a_while();
        if ((night->desk != NULL && rebut_store_is_idle(night->desk)) ||
            connect_again(night, &ignored))
            fate = ask(night, xid);
        if (fate != NIGHT_UNKNOWN)
            break;
    }
    return fate;
}
