#include "reader_input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM_MAX (REBUT_LINE_MAX + 1) /* the longest line and its newline */

void rebut_reader_input_init(struct input *input, const char *name, uint32_t index,
                             int fd, bool own)
{
    *input = (struct input){.name = name, .index = index};
    rebut_reader_bytes_init(&input->bytes, fd, own);
}

void rebut_reader_input_release(struct input *input)
{
    rebut_reader_bytes_release(&input->bytes);
    free(input->data);
    free(input->scratch.data);
    free(input->events);
    free(input->lines);
    free(input->refused);
}

/* ---- lines into events ---- */

static bool is_blank(struct rebut_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\r')
            return false;
    return true;
}

/* Pass over the byte order mark that some programs put in front. */
static struct rebut_text without_mark(struct rebut_text text)
{
    if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        return (struct rebut_text){text.data + 3, text.size - 3};
    return text;
}

/* The next line that is wholly there; false when there is none. */
static inline bool take_line(struct input *input, struct rebut_text *ret_text)
{
    const char *data = input->data;
    if (input->start == input->end)
        return false;
    const char *newline =
        memchr(data + input->scanned, '\n', input->end - input->scanned);
    if (newline == NULL && !input->ended) {
        input->scanned = input->end;
        return false;
    }
    const size_t end = newline == NULL ? input->end : (size_t)(newline - data);
    *ret_text = (struct rebut_text){data + input->start, end - input->start};
    input->start = input->scanned = end + (newline != NULL);
    if (++input->number == 1)
        *ret_text = without_mark(*ret_text);
    return true;
}

static void refuse_long(struct input *input)
{
    struct rebut_refused_line *refused = &input->refused[input->refused_count++];
    refused->line = (struct rebut_line){.text = {input->head, sizeof input->head},
                                        .number = ++input->number,
                                        .bytes = input->long_bytes,
                                        .input = input->index};
    refused->refusal = (struct rebut_refusal){.reason = "too_long", .field = ""};
    snprintf(refused->refusal.expected, sizeof refused->refusal.expected,
             "a line of at most %zu bytes", REBUT_LINE_MAX);
    snprintf(refused->refusal.came, sizeof refused->refusal.came, "%" PRIu64 " bytes",
             input->long_bytes);
    input->long_bytes = 0;
    input->long_done = false;
}

void rebut_reader_input_parse(struct input *input, size_t most)
{
    size_t count = 0;
    input->next = 0;
    input->refused_count = 0;
    if (input->long_done)
        refuse_long(input);
    while (count < most && input->refused_count < most) {
        struct rebut_text text;
        if (!take_line(input, &text))
            break;
        if ((text.size == 0 || text.data[0] != '{') && is_blank(text)) {
            input->blank++;
            continue;
        }
        struct rebut_refused_line *refused = &input->refused[input->refused_count];
        const struct rebut_line line = {text, input->number, text.size, input->index};
        if (rebut_event_parse(text, &input->scratch, &input->events[count],
                              &refused->refusal)) {
            input->lines[count++] = line;
        } else {
            refused->line = line;
            input->refused_count++;
        }
    }
    input->count = count;
}

/* ---- more bytes ---- */

static bool set_room(struct input *input, size_t room, struct rebut_error *err)
{
    if (room > ROOM_MAX)
        room = ROOM_MAX;
    char *data = realloc(input->data, room);
    if (data == NULL)
        return rebut_fail_memory(err, "reading ahead");
    input->data = data;
    char *scratch = realloc(input->scratch.data, room);
    if (scratch == NULL)
        return rebut_fail_memory(err, "reading ahead");
    input->scratch = (struct rebut_event_scratch){scratch, room, 0};
    input->room = room;
    return true;
}

static bool set_up(struct input *input, size_t buffer_size, struct rebut_error *err)
{
    if (input->room != 0)
        return true;
    input->events = calloc(REBUT_BLOCK_MAX, sizeof *input->events);
    input->lines = calloc(REBUT_BLOCK_MAX, sizeof *input->lines);
    input->refused = calloc(REBUT_BLOCK_MAX, sizeof *input->refused);
    if (input->events == NULL || input->lines == NULL || input->refused == NULL)
        return rebut_fail_memory(err, "reading ahead");
    return set_room(input, buffer_size, err);
}

static bool read_more(struct input *input, struct rebut_error *err)
{
    size_t got = 0;
    if (!rebut_reader_bytes_read(&input->bytes, input->data + input->end,
                                 input->room - input->end, &got)) {
        const struct bytes *bytes = &input->bytes;
        if (bytes->fault_is_data && input->number > 0)
            return rebut_fail(err, REBUT_EDATA,
                              "cannot read '%s': %s after line %" PRIu64, input->name,
                              bytes->fault, input->number);
        return rebut_fail(err, bytes->fault_is_data ? REBUT_EDATA : REBUT_EIO,
                          "cannot read '%s': %s", input->name, bytes->fault);
    }
    input->end += got;
    input->ended = got == 0;
    return true;
}

/* The buffer is full of one line: make it larger, or keep the line's start only. */
static bool make_room(struct input *input, struct rebut_error *err)
{
    if (input->room < ROOM_MAX)
        return set_room(input, input->room * 2, err);
    memcpy(input->head, input->data, sizeof input->head);
    input->long_bytes = input->end;
    input->end = input->scanned = 0;
    return true;
}

/* Within a line too long: drop what belongs to it. */
static void pass_over(struct input *input)
{
    if (input->long_bytes == 0 || input->long_done)
        return;
    const char *newline = memchr(input->data, '\n', input->end);
    const size_t size = newline == NULL ? input->end : (size_t)(newline - input->data);
    input->long_bytes += size;
    input->long_done = newline != NULL || input->ended;
    input->start = input->scanned = size + (newline != NULL);
}

bool rebut_reader_input_refill(struct input *input, size_t buffer_size,
                               struct rebut_error *err)
{
    if (!set_up(input, buffer_size, err))
        return false;
    const size_t rest = input->end - input->start;
    if (input->start > 0 && rest > 0)
        memmove(input->data, input->data + input->start, rest);
    input->scanned -= input->start;
    input->start = 0;
    input->end = rest;
    input->scratch.used = 0;
    if (input->end == input->room && !make_room(input, err))
        return false;
    if (!read_more(input, err))
        return false;
    pass_over(input);
    return true;
}
