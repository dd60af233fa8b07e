/* The evidence pack of a request, as 'rebut evidence' has written it or as the night
 * gives it: the canonical JSON itself, a page or paper made of it, or what to write in a
 * platform's form. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "night.h"
#include "rebut/form_text.h"
#include "rebut/language.h"
#include "rebut/pack_edition.h"
#include "rebut/pack_html.h"
#include "rebut/pack_json.h"
#include "rebut/pack_make.h"
#include "rebut/pack_pdf.h"

/* The page has its style within it and no script. */
#define PAGE_POLICY                                                                      \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "    \
    "form-action 'none'; frame-ancestors 'none'; sandbox"

#define PACKS_MAX 2 /* made at once; more are told to come again */

static bool find_file(const struct rebut_server *server, const char *id, char *ret_path,
                      size_t room)
{
    char name[REBUT_PACK_NAME];
    const char *folder = server->options.evidence;
    rebut_pack_name(rebut_text_of(id), name);
    return folder != NULL &&
           snprintf(ret_path, room, "%s/pack-%s.json", folder, name) < (int)room &&
           access(ret_path, R_OK) == 0;
}

static bool is_merchant(const struct rebut_http_call *call)
{
    return strcmp(visit_of(call)->role, "merchant") == 0;
}

/* Of whom does the caller see cases?  No words of buyers are for auditors. */
static bool check_sight(struct rebut_http_call *call, const char *id)
{
    const char *role = visit_of(call)->role;
    struct rebut_rows rows = {0};
    if (strcmp(role, "auditor") == 0)
        return rebut_http_refuse(call, 403, "not-for-you", NULL,
                                 "this is not for role 'auditor'");
    const bool asked = rebut_server_ask(
        call, is_merchant(call) ? rebut_sql_web_sees_merchant : rebut_sql_web_sees, &id,
        1, &rows);
    const bool seen = asked && rows.count > 0;
    rebut_rows_release(&rows);
    return seen || (asked && rebut_server_missing(call, "request"));
}

static bool write_pack(struct rebut_http_call *call, const struct rebut_pack *pack,
                       struct rebut_error *err)
{
    const char *form = call->route->detail;
    const char *word = rebut_http_value(call, "lang");
    enum rebut_language language = REBUT_CHINESE;
    if (word != NULL && !rebut_language_parse(word, &language))
        return rebut_fail(err, REBUT_EINPUT, "expected zh or en");
    if (strcmp(form, "pdf") == 0) {
        return rebut_pack_pdf(pack, language, &call->out, err);
    }
    if (strcmp(form, "html") == 0) {
        rebut_http_set(call, "Content-Security-Policy", PAGE_POLICY);
        rebut_pack_write_html(pack, language, &call->out);
        return true;
    }
    rebut_pack_write(pack, &call->out);
    return true;
}

/* ---- from the folder or the night, and what is to be written of it */

typedef bool writer(struct rebut_http_call *call, const struct rebut_pack *pack,
                    struct rebut_error *err);

static bool none(struct rebut_http_call *call)
{
    return rebut_http_refuse(call, 404, "no-evidence", NULL,
                             "there is no evidence pack of this request yet");
}

/* A merchant gets the shop's edition, wherever the pack comes from.  Of an exact one that
 * was made without keys the steps would not be drawn but the nearest, and two shops could
 * compare them: then a merchant gets none. */
static bool write_for(struct rebut_http_call *call, struct rebut_pack *pack,
                      writer *write, struct rebut_error *err)
{
    if (is_merchant(call) && pack->header.edition == REBUT_EDITION_PLATFORM) {
        if (pack->header.blind.data == NULL) {
            none(call);
            return true;
        }
        if (!rebut_pack_shop_edition(pack, err))
            return false;
    }
    return write(call, pack, err);
}

static bool from_file(struct rebut_http_call *call, const char *path, const char *id,
                      writer *write, struct rebut_error *err)
{
    struct rebut_pack pack;
    if (!rebut_pack_load(path, &pack, err))
        return false;
    /* The name is a hash: it must be this request's pack and no other's. */
    const bool ok = rebut_text_equal(pack.header.request_id, rebut_text_of(id))
                        ? write_for(call, &pack, write, err)
                        : rebut_fail(err, REBUT_EDATA, "a pack of another request");
    rebut_pack_release(&pack);
    return ok;
}

static bool from_night(struct rebut_http_call *call, struct rebut_server *server,
                       const char *id, writer *write, struct rebut_error *err)
{
    struct rebut_pack pack;
    bool found = false;
    bool ok = true;
    pthread_mutex_lock(&server->night_lock);
    if (server->night != NULL)
        ok = rebut_server_night_pack(server->night, id, &pack, &found, err);
    if (ok && found) {
        ok = write_for(call, &pack, write, err);
        rebut_pack_release(&pack);
    }
    pthread_mutex_unlock(&server->night_lock);
    if (ok && !found)
        none(call);
    return ok;
}

static bool make(struct rebut_http_call *call, const char *id, writer *write,
                 struct rebut_error *err)
{
    struct rebut_server *server = call->app;
    bool ok = true;
    if (atomic_fetch_add(&server->packs, 1) < PACKS_MAX)
        ok = from_night(call, server, id, write, err);
    else
        rebut_http_refuse(call, 503, "busy", NULL,
                          "other packs are being made; try again");
    atomic_fetch_sub(&server->packs, 1);
    return ok;
}

static void give(struct rebut_http_call *call, writer *write)
{
    const char *id = rebut_http_value(call, "id");
    char path[4096];
    struct rebut_error err = {0};
    if (!check_sight(call, id) || !rebut_server_record(call, id))
        return;
    const bool ok = find_file(call->app, id, path, sizeof path)
                        ? from_file(call, path, id, write, &err)
                        : make(call, id, write, &err);
    if (!ok && !rebut_http_refused(call))
        rebut_server_failed(call, visit_of(call)->store, &err);
}

void rebut_server_evidence(struct rebut_http_call *call)
{
    give(call, write_pack);
}

/* ---- a platform's form */

static void write_doubts(struct rebut_output *out, unsigned doubts)
{
    static const char *const words[REBUT_DOUBTS] = {"borne_out", "legitimate", "shop",
                                                    "nothing"};
    const char *comma = "";
    for (int i = 0; i < REBUT_DOUBTS; i++)
        if ((doubts >> i & 1) != 0) {
            rebut_output_print(out, "%s\"%s\"", comma, words[i]);
            comma = ",";
        }
}

static void write_text(struct rebut_output *out, const struct rebut_form *form,
                       const struct rebut_form_text *text)
{
    rebut_output_print(out, "{\"platform\":");
    rebut_output_json(out, rebut_text_of(form->name));
    rebut_output_print(out, ",\"text\":");
    rebut_output_json(out, (struct rebut_text){text->text, text->size});
    rebut_output_print(out, ",\"points\":%lld,\"limit\":", (long long)text->points);
    if (text->limit < 0)
        rebut_output_print(out, "null");
    else
        rebut_output_print(out, "%lld", (long long)text->limit);
    rebut_output_print(out, ",\"reason\":");
    if (text->reason < 0)
        rebut_output_print(out, "null");
    else
        rebut_output_json(out, rebut_text_of(form->reasons[text->reason].text));
    rebut_output_print(out, ",\"doubts\":[");
    write_doubts(out, text->doubts);
    rebut_output_print(out, "],\"sentences_left\":%d}\n", text->sentences_left);
}

static bool write_form(struct rebut_http_call *call, const struct rebut_pack *pack,
                       struct rebut_error *err)
{
    const char *word = rebut_http_value(call, "lang");
    enum rebut_language language = REBUT_CHINESE;
    struct rebut_form form;
    struct rebut_form_text text;
    if (word != NULL && !rebut_language_parse(word, &language))
        return rebut_fail(err, REBUT_EINPUT, "expected zh or en");
    if (!rebut_form_find(rebut_http_value(call, "platform"), &form, err))
        return false;
    const bool ok = rebut_form_text_make(&form, pack, language, &text, err);
    if (ok) {
        write_text(&call->out, &form, &text);
        rebut_form_text_release(&text);
    }
    rebut_form_release(&form);
    return ok;
}

/* Of the forms within the program: a name from outside is no path. */
void rebut_server_form(struct rebut_http_call *call)
{
    const char *name = rebut_http_value(call, "platform");
    char known[300] = "";
    for (int i = 0; i < rebut_form_files_count; i++) {
        if (strcmp(rebut_form_files[i].name, name) == 0) {
            give(call, write_form);
            return;
        }
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, " %s", rebut_form_files[i].name);
    }
    rebut_http_refuse(call, 400, "bad-parameter", "query platform", "expected one of:%s",
                      known);
}
