#include "import_json.h"

#include <string.h>

bool import_json_keys(json_t *object, const char *words, struct rebut_error *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    if (!json_is_object(object))
        return rebut_fail(err, REBUT_EDATA, "expected an object");
    json_object_foreach(object, key, value)
    {
        const size_t size = strlen(key);
        bool known = strcmp(key, "comment") == 0;
        for (const char *at = words; !known && (at = strstr(at, key)) != NULL; at += size)
            known =
                (at == words || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0');
        if (!known || size == 0)
            return rebut_fail(err, REBUT_EDATA, "no key '%.40s'; there are: %s", key,
                              words);
    }
    return true;
}

bool import_json_string(json_t *object, const char *key, const char **ret,
                        struct rebut_error *err)
{
    json_t *value = json_object_get(object, key);
    *ret = NULL;
    if (value == NULL)
        return true;
    *ret = json_string_value(value);
    return *ret != NULL || rebut_fail(err, REBUT_EDATA, "'%s': expected a string", key);
}

bool import_json_bool(json_t *object, const char *key, bool *ret, struct rebut_error *err)
{
    json_t *value = json_object_get(object, key);
    *ret = json_is_true(value);
    return value == NULL || json_is_boolean(value) ||
           rebut_fail(err, REBUT_EDATA, "'%s': expected true or false", key);
}

bool import_json_count(json_t *object, const char *key, int most, int otherwise, int *ret,
                       struct rebut_error *err)
{
    json_t *value = json_object_get(object, key);
    *ret = otherwise;
    if (value == NULL)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > most)
        return rebut_fail(err, REBUT_EDATA, "'%s': expected 0 to %d", key, most);
    *ret = (int)json_integer_value(value);
    return true;
}

bool import_json_array(json_t *array, const char *key, size_t most,
                       struct rebut_error *err)
{
    if (json_is_array(array) && json_array_size(array) >= 1 &&
        json_array_size(array) <= most)
        return true;
    return rebut_fail(err, REBUT_EDATA, "'%s': expected an array of 1 to %zu", key, most);
}
