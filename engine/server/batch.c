/* Scores for many callers at once: while a statement runs the next requests gather, and
 * those with one token go to the database together, as one statement and one commit.
 * Under load a request then costs a fraction of a round trip; alone it waits for nobody.
 */
#include <stdlib.h>
#include <string.h>

#include "server_parts.h"

#define BATCH_MAX 32
#define WORKERS 2

struct waiting {
    struct waiting *next;
    struct rebut_http_call *call;
};

struct rebut_batches {
    struct rebut_server *server;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct waiting *first, **last;
    bool ending;
    int workers;
    pthread_t threads[WORKERS];
};

/* ---- a batch */

struct batch {
    struct rebut_http_call *calls[BATCH_MAX];
    int count;
};

static bool is_same_caller(const struct rebut_http_call *a,
                           const struct rebut_http_call *b)
{
    const struct visit *one = visit_of(a), *two = visit_of(b);
    return one->kind == two->kind && strcmp(one->token.id, two->token.id) == 0 &&
           strcmp(one->token.hash, two->token.hash) == 0;
}

/* The one that waits longest, and others of its caller. */
static void gather(struct rebut_batches *batches, struct batch *batch)
{
    struct waiting **at = &batches->first;
    batch->count = 0;
    while (*at != NULL && batch->count < BATCH_MAX) {
        struct waiting *it = *at;
        if (batch->count > 0 && !is_same_caller(batch->calls[0], it->call)) {
            at = &it->next;
            continue;
        }
        batch->calls[batch->count++] = it->call;
        *at = it->next;
        free(it);
    }
    if (*at == NULL)
        batches->last = at;
}

/* The ids as an array's text; there are no controls in them. */
static bool write_ids(const struct batch *batch, struct rebut_output *out)
{
    if (!rebut_output_memory(out, NULL))
        return false;
    rebut_output_print(out, "{");
    for (int i = 0; i < batch->count; i++) {
        rebut_output_print(out, i == 0 ? "\"" : ",\"");
        for (const char *c = rebut_http_value(batch->calls[i], "id"); *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                rebut_output_write(out, "\\", 1);
            rebut_output_write(out, c, 1);
        }
        rebut_output_print(out, "\"");
    }
    rebut_output_write(out, "}", 2); /* with its NUL */
    return out->cause == 0;
}

static void answer(struct rebut_http_call *call, const struct rebut_rows *rows, int row)
{
    if (!rebut_server_check_lean(call, rows))
        return;
    const char *json = rebut_rows_get(rows, row, 3);
    if (json == NULL) {
        rebut_server_missing(call, "request");
        return;
    }
    rebut_output_text(&call->out, rebut_text_of(json));
    rebut_output_text(&call->out, REBUT_TEXT("\n"));
}

static void run(const struct batch *batch)
{
    struct rebut_output ids;
    struct rebut_rows rows = {0};
    struct rebut_http_call *first = batch->calls[0];
    const bool ok = write_ids(batch, &ids) &&
                    rebut_server_ask_lean(first, rebut_sql_web_scores, ids.buffer, &rows);
    for (int i = 0; i < batch->count; i++) {
        struct rebut_http_call *call = batch->calls[i];
        if (ok)
            answer(call, &rows, i);
        else if (i > 0 || !rebut_http_refused(call))
            rebut_http_refuse(call, 503, "no-database", NULL,
                              "the database does not answer; try again");
        rebut_http_resume(call);
    }
    rebut_rows_release(&rows);
    rebut_output_release(&ids);
}

/* ---- the threads */

static void *work(void *context)
{
    struct rebut_batches *batches = context;
    struct batch batch;
    pthread_mutex_lock(&batches->lock);
    for (;;) {
        while (batches->first == NULL && !batches->ending)
            pthread_cond_wait(&batches->wake, &batches->lock);
        if (batches->first == NULL)
            break;
        gather(batches, &batch);
        pthread_mutex_unlock(&batches->lock);
        run(&batch);
        pthread_mutex_lock(&batches->lock);
    }
    pthread_mutex_unlock(&batches->lock);
    return NULL;
}

bool rebut_server_batches_open(struct rebut_server *server, struct rebut_error *err)
{
    struct rebut_batches *batches = server->batches = calloc(1, sizeof *batches);
    if (batches == NULL)
        return rebut_fail_memory(err, "the batches");
    batches->server = server;
    batches->last = &batches->first;
    pthread_mutex_init(&batches->lock, NULL);
    pthread_cond_init(&batches->wake, NULL);
    while (batches->workers < WORKERS)
        if (pthread_create(&batches->threads[batches->workers++], NULL, work, batches) !=
            0) {
            batches->workers--;
            return rebut_fail(err, REBUT_ETRY, "cannot start a thread");
        }
    return true;
}

void rebut_server_batches_close(struct rebut_batches *batches)
{
    if (batches == NULL)
        return;
    pthread_mutex_lock(&batches->lock);
    batches->ending = true;
    pthread_cond_broadcast(&batches->wake);
    pthread_mutex_unlock(&batches->lock);
    for (int i = 0; i < batches->workers; i++)
        pthread_join(batches->threads[i], NULL);
    pthread_cond_destroy(&batches->wake);
    pthread_mutex_destroy(&batches->lock);
    free(batches);
}

void rebut_server_score_read(struct rebut_http_call *call)
{
    struct rebut_server *server = call->app;
    struct rebut_batches *batches = server->batches;
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL) {
        rebut_http_refuse(call, 503, "no-memory", NULL, "no memory");
        return;
    }
    waiting->call = call;
    if (!rebut_http_defer(call)) {
        free(waiting);
        return;
    }
    pthread_mutex_lock(&batches->lock);
    *batches->last = waiting;
    batches->last = &waiting->next;
    pthread_cond_signal(&batches->wake);
    pthread_mutex_unlock(&batches->lock);
}
