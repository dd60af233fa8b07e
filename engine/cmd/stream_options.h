/* What the command line of 'rebut stream' says: words borrowed from argv. */
#ifndef REBUT_CMD_STREAM_OPTIONS_H
#define REBUT_CMD_STREAM_OPTIONS_H

#include "rebut/scorer.h"

enum rebut_stream_from { REBUT_FROM_INPUT, REBUT_FROM_OUTBOX, REBUT_FROM_KAFKA };

struct rebut_stream_options {
    const char *model, *night, *store, *stream, *letters, *listen;
    const char *dead_topic; /* letters go there; else to the file `letters` */
    const char *nights;     /* a folder; or model and night */
    const char *kafka, *topic, *group;
    enum rebut_stream_from from;
    int64_t idle_us; /* 0: the loop's default */
    bool quiet;
    struct rebut_scorer_options scorer;
};

extern const char rebut_stream_usage[];

/* Into *options, which hold the defaults.  -1 to go on, or the exit code. */
int rebut_stream_read_line(int argc, char **argv, struct rebut_stream_options *options);

#endif
