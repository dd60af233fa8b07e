/* A bundle's time stamp: asked for beside the signature, and held against it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder_file.h"
#include "seal_parts.h"

#define SIGNATURE_MAX ((size_t)4096)

static bool read_request(const char *folder, unsigned char ret[REBUT_STAMP_REQUEST],
                         struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    char *text = NULL;
    size_t size = 0;
    if (!rebut_path_join(folder, REBUT_SIGNATURE, path, err) ||
        !rebut_file_read(path, SIGNATURE_MAX, false, &text, &size, err))
        return false;
    rebut_stamp_request((struct rebut_text){text, size}, ret);
    free(text);
    return true;
}

bool rebut_seal_ask_stamp(const char *folder, struct rebut_error *err)
{
    unsigned char request[REBUT_STAMP_REQUEST];
    char path[REBUT_PATH_SIZE];
    return read_request(folder, request, err) &&
           rebut_path_join(folder, REBUT_STAMP_ASKED, path, err) &&
           rebut_file_write(path, (const char *)request, sizeof request, false, err);
}

/* Is there anything of that name?  Its bytes, or why it cannot be read. */
static bool read_one(const char *folder, const char *name, size_t most, char **ret,
                     size_t *ret_size, struct rebut_error *why)
{
    char path[REBUT_PATH_SIZE];
    struct stat there;
    *ret = NULL;
    if (!rebut_path_join(folder, name, path, why))
        return true;
    if (lstat(path, &there) != 0 && errno == ENOENT)
        return false;
    (void)!rebut_file_read(path, most, false, ret, ret_size, why);
    return true;
}

static void check_reply(const unsigned char request[REBUT_STAMP_REQUEST],
                        struct rebut_text reply, struct rebut_verification *ret,
                        const struct rebut_error *unread)
{
    struct rebut_error why = *unread;
    struct rebut_stamp stamp;
    if (reply.data == NULL || !rebut_stamp_read(reply, request, &stamp, &why)) {
        rebut_seal_find(ret, REBUT_FAULT_STAMP, REBUT_STAMP_GIVEN, "%.190s", why.message);
        return;
    }
    ret->stamp = REBUT_STAMP_FITS;
    ret->stamped_at = stamp.at;
}

bool rebut_seal_check_stamp(const char *folder, struct rebut_verification *ret,
                            struct rebut_error *err)
{
    unsigned char request[REBUT_STAMP_REQUEST];
    char *asked = NULL, *given = NULL;
    size_t asked_size = 0, given_size = 0;
    struct rebut_error asked_why = {0}, given_why = {0}, why = {0};
    if (!read_request(folder, request, &why)) /* it has its finding */
        return why.code != REBUT_ENOMEM || rebut_fail_memory(err, "a signature");
    const bool is_asked = read_one(folder, REBUT_STAMP_ASKED, REBUT_STAMP_REQUEST, &asked,
                                   &asked_size, &asked_why);
    const bool is_given = read_one(folder, REBUT_STAMP_GIVEN, REBUT_STAMP_REPLY_MAX,
                                   &given, &given_size, &given_why);
    const bool same = asked != NULL && asked_size == sizeof request &&
                      memcmp(asked, request, sizeof request) == 0;
    if (is_asked && !same)
        rebut_seal_find(ret, REBUT_FAULT_STAMP_REQUEST, REBUT_STAMP_ASKED, "%.190s",
                        asked == NULL ? asked_why.message
                                      : "not the request for this manifest.sig");
    if (is_given && !is_asked)
        rebut_seal_find(ret, REBUT_FAULT_STAMP_REQUEST, REBUT_STAMP_ASKED,
                        "missing beside " REBUT_STAMP_GIVEN);
    if (is_given)
        check_reply(request, (struct rebut_text){given, given_size}, ret, &given_why);
    else if (same)
        ret->stamp = REBUT_STAMP_WANTED;
    free(asked);
    free(given);
    return true;
}
