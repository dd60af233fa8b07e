#include "kafka_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r\n", text[size - 1]) != NULL)
        text[--size] = '\0';
    return text;
}

bool rebut_kafka_config_set(rd_kafka_conf_t *conf, const char *key, const char *value,
                            struct rebut_error *err)
{
    char words[512]; /* they quote the value, which may be a secret */
    switch (rd_kafka_conf_set(conf, key, value, words, sizeof words)) {
    case RD_KAFKA_CONF_OK:
        return true;
    case RD_KAFKA_CONF_UNKNOWN:
        return rebut_fail(err, REBUT_EUSAGE, "librdkafka has no property '%.100s'", key);
    default:
        return rebut_fail(err, REBUT_EUSAGE,
                          "librdkafka does not take the value of property '%.100s'", key);
    }
}

static bool set_line(rd_kafka_conf_t *conf, char *line, struct rebut_error *err)
{
    char *key = trim(line);
    if (*key == '\0' || *key == '#')
        return true;
    char *equals = strchr(key, '=');
    if (equals == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected key=value, came no '='");
    *equals = '\0';
    return rebut_kafka_config_set(conf, trim(key), trim(equals + 1), err);
}

bool rebut_kafka_config_read(rd_kafka_conf_t *conf, const char *path,
                             struct rebut_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    bool ok = true;
    for (int number = 1; ok && getline(&line, &room, file) >= 0; number++)
        if (!set_line(conf, line, err))
            ok = rebut_fail_context(err, "'%s', line %d", path, number);
    if (ok && ferror(file))
        ok = rebut_fail(err, REBUT_EIO, "cannot read '%s'", path);
    if (line != NULL)
        explicit_bzero(line, room);
    free(line);
    fclose(file);
    return ok;
}
