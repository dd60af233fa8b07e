/* No bytes of a file of appeals crash who reads it; the order of lines does not matter.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rebut/appeals_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines, the last first. */
static char *turned(const char *bytes, size_t size)
{
    char *lines = malloc(size + 2);
    if (lines == NULL)
        abort();
    size_t used = 0;
    for (size_t end = size; end > 0;) {
        size_t start = end;
        while (start > 0 && bytes[start - 1] != '\n')
            start--;
        memcpy(lines + used, bytes + start, end - start);
        used += end - start;
        if (start > 0)
            lines[used++] = '\n';
        end = start > 0 ? start - 1 : 0;
    }
    lines[used] = '\0';
    return lines;
}

static void account(const struct rebut_appeals *appeals, struct rebut_output *out)
{
    if (!rebut_output_memory(out, NULL) ||
        !rebut_appeals_write_json(appeals, false, out, NULL) ||
        !rebut_appeals_print(appeals, false, REBUT_CHINESE, out, NULL) || out->cause != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct rebut_appeals one, other;
    struct rebut_output said, again;
    if (!rebut_appeals_parse(&one, (struct rebut_text){bytes, size}, REBUT_TIME_MAX,
                             NULL))
        return 0;
    for (uint32_t i = 0; i < one.count; i++)
        if (rebut_appeals_find(&one, one.list[i].request_id) != &one.list[i])
            abort();
    char *lines = turned(bytes, size);
    if (!rebut_appeals_parse(&other, rebut_text_of(lines), REBUT_TIME_MAX, NULL))
        abort();
    account(&one, &said);
    account(&other, &again);
    if (said.used != again.used || memcmp(said.buffer, again.buffer, said.used) != 0)
        abort();
    rebut_output_release(&said);
    rebut_output_release(&again);
    rebut_appeals_close(&one);
    rebut_appeals_close(&other);
    free(lines);
    return 0;
}
