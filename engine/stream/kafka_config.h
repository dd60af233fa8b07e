/* The file of librdkafka's properties.  Private to stream. */
#ifndef REBUT_STREAM_KAFKA_CONFIG_H
#define REBUT_STREAM_KAFKA_CONFIG_H

#include <librdkafka/rdkafka.h>

#include "rebut/error.h"

/* Set what the file says.  EIO: it cannot be read; EUSAGE: a line that is no property, or
 * a value that is not taken, which no message quotes. */
REBUT_MUST_CHECK bool rebut_kafka_config_read(rd_kafka_conf_t *conf, const char *path,
                                              struct rebut_error *err);

/* Set one of ours. */
REBUT_MUST_CHECK bool rebut_kafka_config_set(rd_kafka_conf_t *conf, const char *key,
                                             const char *value, struct rebut_error *err);

#endif
