/* A score now, of events that the caller brings: nothing is stored. */
#include "night.h"
#include "rebut/instant.h"
#include "rebut/language.h"

static void answer(struct rebut_http_call *call, struct rebut_error *err, bool ok)
{
    const struct rebut_server *server = call->app;
    if (ok)
        return;
    if (err->code == REBUT_EINPUT) {
        rebut_http_refuse(call, 422, "bad-events", "body", "%.400s", err->message);
        return;
    }
    rebut_log_error(server->options.log, "score", err);
    rebut_http_refuse(call, 500, "our-fault", NULL,
                      "the request failed; its id leads to the reason in the log");
}

void rebut_server_score_make(struct rebut_http_call *call)
{
    struct rebut_server *server = call->app;
    const char *id = rebut_http_value(call, "request_id");
    const char *events = rebut_http_value(call, "events");
    const char *word = rebut_http_value(call, "lang");
    struct rebut_instant_question question = {
        .request_id = rebut_text_of(id),
        .events = events == NULL ? (struct rebut_text){0} : rebut_text_of(events)};
    struct rebut_error err = {0};
    struct rebut_rows rows = {0};
    const bool may = rebut_server_ask_lean(call, rebut_sql_web_pass, id, &rows) &&
                     rebut_server_check_lean(call, &rows);
    rebut_rows_release(&rows);
    if (!may || (word != NULL && !rebut_language_parse(word, &question.language)))
        return;
    pthread_mutex_lock(&server->night_lock); /* a judgement borrows from the night */
    if (server->night == NULL)
        rebut_http_refuse(call, 503, "no-night", NULL,
                          "this server was started without a night");
    else
        answer(call, &err,
               rebut_instant_score(&server->night->tonight, &question, &call->out, &err));
    pthread_mutex_unlock(&server->night_lock);
}
