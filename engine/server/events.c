/* A batch of events: the same reader, the same checks and the same writing as by
 * 'rebut load', from the body instead of a file. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rebut/reader.h"
#include "rebut/store_events.h"
#include "server_parts.h"

#define REFUSED_MAX ((size_t)256 << 10) /* bytes told of what was set aside */

static int body_file(struct rebut_text body, struct rebut_error *err)
{
    const int fd = memfd_create("events", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < body.size) {
        const ssize_t count = write(fd, body.data + done, body.size - done);
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    if (fd >= 0 && done == body.size)
        return fd;
    if (fd >= 0)
        close(fd);
    rebut_fail(err, REBUT_EIO, "no room for the body");
    return -1;
}

static void write_counts(struct rebut_output *out, const char *name,
                         const uint64_t *counts, const char *const *labels, size_t length)
{
    bool any = false;
    rebut_output_print(out, ",\"%s\":{", name);
    for (size_t i = 0; i < length; i++) {
        if (counts[i] == 0)
            continue;
        rebut_output_print(out, "%s\"%s\":%" PRIu64, any ? "," : "", labels[i],
                           counts[i]);
        any = true;
    }
    rebut_output_print(out, "}");
}

/* The lines set aside, each of which is an object already, whose first member is the name
 * of an input that nobody knows outside. */
static void write_aside(struct rebut_output *out, const struct rebut_output *rejects)
{
    const char *at = rejects->buffer, *end = at + rejects->used;
    bool any = false;
    rebut_output_print(out, ",\"set_aside\":[");
    while (at < end && at - rejects->buffer < (ptrdiff_t)REFUSED_MAX) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        next = next == NULL ? end : next;
        const char *rest = memchr(at, ',', (size_t)(next - at));
        rebut_output_print(out, any ? ",{" : "{");
        if (rest != NULL)
            rebut_output_write(out, rest + 1, (size_t)(next - rest) - 1);
        any = true;
        at = next + 1;
    }
    rebut_output_print(out, "],\"set_aside_cut\":%s}\n", at < end ? "true" : "false");
}

static void write_answer(struct rebut_http_call *call,
                         const struct rebut_store_loaded *loaded,
                         const struct rebut_rejects *rejects)
{
    struct rebut_output *out = &call->out;
    rebut_output_print(out, "{\"lines\":%" PRIu64 ",\"blank\":%" PRIu64, loaded->lines,
                       loaded->blank);
    write_counts(out, "inserted", loaded->inserted, rebut_words_type, REBUT_EVENT_TYPES);
    write_counts(out, "duplicates", loaded->duplicates, rebut_words_type,
                 REBUT_EVENT_TYPES);
    write_counts(out, "conflicts", loaded->conflicts, rebut_words_type,
                 REBUT_EVENT_TYPES);
    write_counts(out, "refused", loaded->refused, rebut_words_refusal, REBUT_REFUSALS);
    write_aside(out, &rejects->out);
}

static bool load(struct rebut_http_call *call, const char *path,
                 struct rebut_rejects *rejects, struct rebut_error *err)
{
    struct rebut_reader *reader = NULL;
    struct rebut_store_loaded loaded;
    if (!rebut_reader_open(&reader, &path, 1, NULL, err))
        return false;
    const struct rebut_store_load job = {.source = rebut_reader_source(reader),
                                         .rejects = rejects};
    const bool ok = rebut_store_events_write(visit_of(call)->store, &job, &loaded, err);
    if (ok)
        write_answer(call, &loaded, rejects);
    rebut_reader_close(reader);
    return ok;
}

void rebut_server_events(struct rebut_http_call *call)
{
    struct rebut_error err = {0};
    struct rebut_rejects rejects = {0};
    char path[40];
    const int fd = body_file(call->body, &err);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (call->body.size >= 4 && (memcmp(call->body.data, "\x1f\x8b", 2) == 0 ||
                                 memcmp(call->body.data, "\x28\xb5\x2f\xfd", 4) == 0))
        rebut_http_refuse(call, 415, "bad-media", "body",
                          "expected lines of JSON that are not compressed");
    else if (fd < 0 || !rebut_output_memory(&rejects.out, &err) ||
             !load(call, path, &rejects, &err))
        rebut_server_failed(call, visit_of(call)->store, &err);
    rebut_rejects_release(&rejects);
    if (fd >= 0)
        close(fd);
}
