/* The night that POST /v1/score and packs are made from. */
#include <stdlib.h>

#include "night.h"
#include "rebut/keys.h"

static void tell(const struct rebut_server *server, const struct rebut_tonight *night)
{
    char as_of[REBUT_TIME_SIZE];
    rebut_time_format(night->as_of, 0, as_of);
    rebut_log(server->options.log, "info", "night",
              ",\"as_of\":\"%s\",\"orders\":%u,\"requests\":%u", as_of,
              night->state.orders.count, night->state.requests.count);
    if (night->damage[0] != '\0') {
        struct rebut_error damage = {0};
        (void)rebut_fail(&damage, REBUT_EDATA, "%s", night->damage);
        rebut_log_error(server->options.log, "night", &damage);
    }
}

/* From a request to its place in the list. */
static bool list_requests(struct rebut_server_night *night, struct rebut_error *err)
{
    const struct rebut_scores *scores = rebut_night_scores(night->tonight.night);
    const uint32_t requests = night->tonight.state.requests.count;
    night->place = malloc((requests + (size_t)1) * sizeof *night->place);
    if (night->place == NULL)
        return rebut_fail_memory(err, "the night");
    for (uint32_t i = 0; i < requests; i++)
        night->place[i] = REBUT_NONE;
    for (uint32_t i = 0; i < scores->count; i++)
        night->place[scores->inference->frame->claims[scores->list[i].claim].request] = i;
    return true;
}

static bool open_maker(const struct rebut_server *server,
                       struct rebut_server_night *night, struct rebut_error *err)
{
    const struct rebut_pack_plan plan = {
        .secret = server->options.key_dir == NULL ? NULL : night->secret,
        .retain_days = REBUT_PACK_RETAIN_DAYS,
        .edition = REBUT_EDITION_PLATFORM};
    return (server->options.key_dir == NULL ||
            rebut_buyers_secret_load(server->options.key_dir, night->secret, err)) &&
           rebut_pack_maker_open(&night->maker, rebut_night_scores(night->tonight.night),
                                 &plan, err);
}

bool rebut_server_take_up(struct rebut_server *server, struct rebut_error *err)
{
    const struct rebut_server_options *options = &server->options;
    if (options->night == NULL)
        return true;
    struct rebut_server_night *next = calloc(1, sizeof *next);
    if (next == NULL)
        return rebut_fail_memory(err, "the night");
    if (!rebut_tonight_open(&next->tonight, options->night, options->model, err)) {
        free(next);
        return false;
    }
    if (!list_requests(next, err) || !open_maker(server, next, err)) {
        rebut_server_close_night(next);
        return false;
    }
    tell(server, &next->tonight);
    pthread_mutex_lock(&server->night_lock);
    struct rebut_server_night *before = server->night;
    server->night = next;
    pthread_mutex_unlock(&server->night_lock);
    rebut_server_close_night(before);
    return true;
}

void rebut_server_close_night(struct rebut_server_night *night)
{
    if (night == NULL)
        return;
    rebut_pack_maker_close(night->maker);
    free(night->place);
    rebut_tonight_close(&night->tonight);
    explicit_bzero(night->secret, sizeof night->secret);
    free(night);
}

bool rebut_server_night_pack(struct rebut_server_night *night, const char *id,
                             struct rebut_pack *ret, bool *ret_found,
                             struct rebut_error *err)
{
    const struct rebut_intern *ids = &night->tonight.state.request_ids;
    const struct rebut_scores *scores = rebut_night_scores(night->tonight.night);
    const struct rebut_text text = rebut_text_of(id);
    const uint32_t request = rebut_intern_find(ids, text, rebut_intern_hash(ids, text));
    *ret_found = request != REBUT_NONE && night->place[request] != REBUT_NONE;
    return !*ret_found ||
           rebut_pack_make(night->maker, &scores->list[night->place[request]], ret, err);
}
