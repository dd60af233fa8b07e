/* Where a list goes on, as a text that only we can write: base64url of a keyed hash over
 * the question and the place, then the place. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server_parts.h"

#define MAC 16
#define PLACE_MAX 200

static void sign(const unsigned char secret[32], struct rebut_text context,
                 const unsigned char *place, size_t size, unsigned char ret[MAC])
{
    crypto_generichash_state state;
    const uint64_t length = context.size;
    crypto_generichash_init(&state, secret, 32, MAC);
    crypto_generichash_update(&state, (const void *)&length, sizeof length);
    crypto_generichash_update(&state, (const void *)context.data, context.size);
    crypto_generichash_update(&state, place, size);
    crypto_generichash_final(&state, ret, MAC);
}

bool rebut_cursor_write(const unsigned char secret[32], struct rebut_text context,
                        const char *key, const char *id, char ret[CURSOR_SIZE])
{
    unsigned char raw[MAC + PLACE_MAX];
    const int size = snprintf((char *)raw + MAC, PLACE_MAX, "%s\n%s", key, id);
    if (size < 0 || size >= PLACE_MAX)
        return false;
    sign(secret, context, raw + MAC, (size_t)size, raw);
    sodium_bin2base64(ret, CURSOR_SIZE, raw, MAC + (size_t)size,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return true;
}

bool rebut_cursor_read(const unsigned char secret[32], struct rebut_text context,
                       const char *cursor, char ret_key[64], char ret_id[128])
{
    unsigned char raw[MAC + PLACE_MAX + 1], mac[MAC];
    size_t size = 0;
    if (sodium_base642bin(raw, MAC + PLACE_MAX, cursor, strlen(cursor), NULL, &size, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        size < MAC)
        return false;
    sign(secret, context, raw + MAC, size - MAC, mac);
    if (sodium_memcmp(mac, raw, MAC) != 0)
        return false;
    raw[size] = '\0';
    char *place = (char *)raw + MAC, *line = strchr(place, '\n');
    if (line == NULL)
        return false;
    *line++ = '\0';
    return snprintf(ret_key, 64, "%s", place) < 64 &&
           snprintf(ret_id, 128, "%s", line) < 128;
}
