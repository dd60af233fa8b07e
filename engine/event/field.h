/* field.h -- the input contract as a table: which type has which fields, and what
 * may stand in them.  Private to event.
 *
 * What parses, digests and makes rows of events walks this table and knows no field by
 * name, so a field is added here and in struct rebut_event, and nowhere else.
 */
#ifndef REBUT_EVENT_FIELD_H
#define REBUT_EVENT_FIELD_H

#include "keys.h"
#include "rebut/event_row.h"

struct kind {
    enum rebut_shape shape;
    int64_t least, most;
    const char *expected; /* words for a refusal; NULL: the vocabulary */
};

/* words[count], "" where there is none, and where each is by its hash; size 0: none. */
struct vocabulary {
    const char *const *words;
    unsigned count;
    struct {
        uint8_t value, size;
    } slots[32];
};

extern const struct vocabulary rebut_event_types, rebut_event_channels,
    rebut_event_request_kinds, rebut_event_reasons, rebut_event_signed_bys,
    rebut_event_parties, rebut_event_contact_kinds, rebut_event_outcomes,
    rebut_event_outcome_bys, rebut_event_verdicts, rebut_event_selections;

struct field {
    enum key key;
    const struct kind *kind;
    size_t offset;                       /* in struct rebut_event */
    const struct vocabulary *vocabulary; /* of REBUT_SHAPE_WORD */
    bool mandatory;
    bool passed_by; /* the tables of the state do without it */
};

struct fields {
    const struct field *fields; /* without type and at, which every event has */
    size_t count;
};

/* [type]: mandatory fields first, each group in the order of the contract. */
extern const struct fields rebut_event_fields[REBUT_EVENT_TYPES];
extern const struct field rebut_event_field_type, rebut_event_field_at;

/* What a line says: values[key] where bit `key` of `seen` is set. */
struct members {
    struct rebut_json_value values[KEYS];
    uint64_t seen, repeated;
};

/* Turn `field` of the line, if it is there, into what it is in *event; false with
 * *refusal filled. */
bool rebut_event_read_field(const struct field *field, const struct members *members,
                            struct rebut_event *event, struct rebut_refusal *refusal);

/* The same for all fields of a type. */
bool rebut_event_read_fields(const struct fields *fields, const struct members *members,
                             struct rebut_event *event, struct rebut_refusal *refusal);

/* The time that RFC 3339 `text` means, whatever its year; false when it is none. */
bool rebut_event_time(struct rebut_text text, int64_t *ret_time);

/* Refuse for `reason`: fill in what was expected and what came.  All return false. */
bool rebut_event_refuse(struct rebut_refusal *refusal, const char *reason,
                        const struct field *field, const struct rebut_json_value *came);
bool rebut_event_refuse_missing(struct rebut_refusal *refusal, const struct field *field);
bool rebut_event_refuse_repeated(struct rebut_refusal *refusal,
                                 const struct field *field);
bool rebut_event_refuse_fault(struct rebut_refusal *refusal,
                              const struct rebut_json *json);
bool rebut_event_refuse_line(struct rebut_refusal *refusal, const char *reason,
                             const char *expected, struct rebut_text came);

/* The value as JSON has it, as rebut_event_spell_row does. */
size_t rebut_event_spell_value(const struct rebut_value *value, char *ret_text,
                               size_t room);

#endif
