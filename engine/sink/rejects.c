#include "rebut/rejects.h"

#include <inttypes.h>

bool rebut_rejects_open(struct rebut_rejects *rejects, const char *path,
                        struct rebut_error *err)
{
    rejects->count = 0;
    return rebut_output_open(&rejects->out, path, err);
}

static void put_member(struct rebut_output *out, const char *name, const char *value)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_json(out, rebut_text_of(value == NULL ? "" : value));
}

/* RFC 4648, section 4. */
static void put_base64(struct rebut_output *out, struct rebut_text text)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *data = (const unsigned char *)text.data;
    for (size_t at = 0; at < text.size; at += 3) {
        const size_t left = text.size - at;
        const unsigned group = (unsigned)data[at] << 16 |
                               (left > 1 ? (unsigned)data[at + 1] << 8 : 0) |
                               (left > 2 ? (unsigned)data[at + 2] : 0);
        const char four[4] = {digits[group >> 18], digits[group >> 12 & 63],
                              left > 1 ? digits[group >> 6 & 63] : '=',
                              left > 2 ? digits[group & 63] : '='};
        rebut_output_write(out, four, sizeof four);
    }
}

static void put_text(struct rebut_output *out, const struct rebut_reject *reject)
{
    struct rebut_text text = reject->text;
    const size_t valid = rebut_text_valid_utf8(text);
    if (text.data == NULL) {
        rebut_output_print(out, ",\"text\":null");
        return;
    }
    /* The start of a line may end within a character. */
    if (reject->bytes > text.size && text.size - valid < 4)
        text.size = valid;
    if (valid == text.size) {
        rebut_output_print(out, ",\"text\":");
        rebut_output_json(out, text);
    } else {
        rebut_output_print(out, ",\"text_base64\":\"");
        put_base64(out, text);
        rebut_output_print(out, "\"");
    }
    if (reject->bytes > reject->text.size)
        rebut_output_print(out, ",\"bytes\":%" PRIu64, reject->bytes);
}

bool rebut_rejects_add(struct rebut_rejects *rejects, const struct rebut_reject *reject)
{
    struct rebut_output *out = &rejects->out;
    rebut_output_print(out, "{\"input\":");
    if (reject->input == NULL)
        rebut_output_print(out, "null");
    else
        rebut_output_json(out, rebut_text_of(reject->input));
    if (reject->line == 0)
        rebut_output_print(out, ",\"line\":null");
    else
        rebut_output_print(out, ",\"line\":%" PRIu64, reject->line);
    put_member(out, "reason", reject->reason);
    put_member(out, "field", reject->field);
    put_member(out, "expected", reject->expected);
    put_member(out, "came", reject->came);
    put_text(out, reject);
    if (reject->key.data != NULL) {
        rebut_output_print(out, ",\"key\":");
        rebut_output_json(out, reject->key);
    }
    rejects->count++;
    return rebut_output_print(out, "}\n");
}

bool rebut_rejects_commit(struct rebut_rejects *rejects, struct rebut_error *err)
{
    return rebut_output_commit(&rejects->out, err);
}

void rebut_rejects_release(struct rebut_rejects *rejects)
{
    rebut_output_release(&rejects->out);
}
