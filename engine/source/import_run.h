/* One import under way: what was made of the rows so far. */
#ifndef REBUT_SOURCE_IMPORT_RUN_H
#define REBUT_SOURCE_IMPORT_RUN_H

#include "import_row.h"
#include "rebut/map.h"

#define IMPORT_NO_KEY UINT32_MAX

/* An event that was made, with what matching needs. */
struct import_made {
    int64_t at;
    char *line;     /* the JSON; NULL: set aside after all */
    json_t *open;   /* a request that waits for its order */
    char *order_id; /* of an order that may be matched */
    int64_t quantity;
    uint32_t key; /* buyer and sku; IMPORT_NO_KEY: takes no part in matching */
    enum rebut_event_type type;
    uint64_t file_line;
    struct rebut_text raw;
};

struct import_run {
    struct rebut_import_map *map;
    struct rebut_csv *csv;
    const struct rebut_import_sink *sink;
    struct rebut_import_summary *summary;
    struct import_row row;
    struct rebut_event_scratch scratch;
    REBUT_ARRAY(struct import_made) made;
    struct rebut_intern keys;
    struct rebut_map hashes;              /* of rows that came before */
    REBUT_ARRAY(struct rebut_text) texts; /* by hash number */
    bool matching;                        /* some rule wants it */
};

/* Count a row set aside and hand it to the sink. */
bool import_set_aside(struct import_run *run, const struct rebut_aside *aside,
                      struct rebut_error *err);

/* Tell the requests that wait for it which order they are about; set aside the rest. */
bool import_match_requests(struct import_run *run, struct rebut_error *err);

/* Hand the events to the sink: by time, an order before what may name it, then as in
 * the file. */
bool import_emit(struct import_run *run, struct rebut_error *err);

#endif
