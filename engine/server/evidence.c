/* The evidence pack of a request, as 'rebut evidence' has written it: the canonical JSON
 * itself, or a page or paper made of it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rebut/language.h"
#include "rebut/pack_html.h"
#include "rebut/pack_json.h"
#include "rebut/pack_make.h"
#include "rebut/pack_pdf.h"
#include "server_parts.h"

/* The page has its style within it and no script. */
#define PAGE_POLICY                                                                      \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "    \
    "form-action 'none'; frame-ancestors 'none'; sandbox"

static bool find_pack(struct rebut_http_call *call, const char *id, char *ret_path,
                      size_t room)
{
    const struct rebut_server *server = call->app;
    char name[REBUT_PACK_NAME];
    rebut_pack_name(rebut_text_of(id), name);
    const char *folder = server->options.evidence;
    if (folder != NULL &&
        snprintf(ret_path, room, "%s/pack-%s.json", folder, name) < (int)room &&
        access(ret_path, R_OK) == 0)
        return true;
    return rebut_http_refuse(call, 404, "no-evidence", NULL,
                             "there is no evidence pack of this request yet");
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
        call,
        strcmp(role, "merchant") == 0 ? rebut_sql_web_sees_merchant : rebut_sql_web_sees,
        &id, 1, &rows);
    const bool seen = asked && rows.count > 0;
    rebut_rows_release(&rows);
    return seen || (asked && rebut_server_missing(call, "request"));
}

static bool write_pack(struct rebut_http_call *call, const struct rebut_pack *pack,
                       const char *form, struct rebut_error *err)
{
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

void rebut_server_evidence(struct rebut_http_call *call)
{
    const char *id = rebut_http_value(call, "id");
    const char *form = call->route->detail;
    char path[4096];
    struct rebut_error err = {0};
    struct rebut_pack pack;
    if (!check_sight(call, id) || !find_pack(call, id, path, sizeof path) ||
        !rebut_server_record(call, id))
        return;
    bool ok = rebut_pack_load(path, &pack, &err);
    if (ok) {
        /* The name is a hash: it must be this request's pack and no other's. */
        ok = rebut_text_equal(pack.header.request_id, rebut_text_of(id))
                 ? write_pack(call, &pack, form, &err)
                 : rebut_fail(&err, REBUT_EDATA, "a pack of another request");
        rebut_pack_release(&pack);
    }
    if (!ok)
        rebut_server_failed(call, visit_of(call)->store, &err);
}
