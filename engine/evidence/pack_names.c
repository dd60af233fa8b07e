/* What stands for whom, and what is taken out of texts. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "pack_maker.h"

static void hash_parts(const unsigned char *key, const char *first,
                       struct rebut_text second, unsigned char ret[32])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, key == NULL ? 0 : REBUT_PACK_SECRET, 32);
    crypto_generichash_update(&state, (const unsigned char *)first, strlen(first));
    crypto_generichash_update(&state, (const unsigned char *)second.data, second.size);
    crypto_generichash_final(&state, ret, 32);
}

void rebut_pack_pseudonym(const unsigned char secret[REBUT_PACK_SECRET],
                          struct rebut_text merchant_id, struct rebut_text buyer_id,
                          char ret_text[REBUT_PACK_PSEUDONYM])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char own[32], hash[32];
    hash_parts(secret, "buyer", merchant_id, own);
    hash_parts(own, "", buyer_id, hash);
    ret_text[0] = 'b';
    ret_text[1] = '-';
    uint64_t bits = 0;
    int held = 0;
    for (int letter = 0, byte = 0; letter < 16; letter++) {
        if (held < 5) {
            bits = bits << 8 | hash[byte++];
            held += 8;
        }
        held -= 5;
        ret_text[2 + letter] = letters[bits >> held & 31];
    }
    ret_text[18] = '\0';
    sodium_memzero(own, sizeof own);
}

void rebut_pack_name(struct rebut_text request_id, char ret_text[REBUT_PACK_NAME])
{
    unsigned char hash[32];
    hash_parts(NULL, "request", request_id, hash);
    sodium_bin2hex(ret_text, REBUT_PACK_NAME, hash, 16);
}

void rebut_pack_blind(const unsigned char secret[REBUT_PACK_SECRET],
                      struct rebut_text pseudonym, char ret_text[REBUT_PACK_NAME])
{
    unsigned char hash[32];
    hash_parts(secret, "blind", pseudonym, hash);
    sodium_bin2hex(ret_text, REBUT_PACK_NAME, hash, 16);
}

/* ---- redaction ---- */

#define DIGITS_LEAST                                                                     \
    7                 /* of a number that may be somebody's: telephone, card, account    \
                       */
#define TOKEN_LEAST 4 /* shorter ids are words too */
static const char removed[] = "[***]";

/* The digit at `at`, also the wide one of Chinese keyboards; its length, or 0. */
static size_t digit_at(struct rebut_text text, size_t at)
{
    const unsigned char *byte = (const unsigned char *)text.data + at;
    if (*byte >= '0' && *byte <= '9')
        return 1;
    const bool wide = text.size - at >= 3 && byte[0] == 0xef && byte[1] == 0xbc &&
                      byte[2] >= 0x90 && byte[2] <= 0x99;
    return wide ? 3 : 0;
}

/* Bytes of a number at `at` with enough digits, blanks and hyphens among them; 0: none.
 */
static size_t number_at(struct rebut_text text, size_t at)
{
    size_t digits = 0, end = at, next = at;
    while (next < text.size) {
        const size_t length = digit_at(text, next);
        if (length > 0) {
            digits++;
            end = next += length;
        } else if (next > at && next == end &&
                   (text.data[next] == ' ' || text.data[next] == '-')) {
            next++;
        } else {
            break;
        }
    }
    return digits >= DIGITS_LEAST ? end - at : 0;
}

static bool in_token(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' || byte == '@' ||
           byte == '.' || byte == '+' || byte == ':';
}

static bool is_known(const struct rebut_intern *ids, struct rebut_text token,
                     uint32_t except)
{
    const uint32_t index = rebut_intern_find(ids, token, rebut_intern_hash(ids, token));
    return index != REBUT_INTERN_NONE && index != except;
}

/* Is the token an account, another shop, a device, an address, a payment account, or an
 * address of mail? */
static bool names_somebody(const struct pack_case *own, struct rebut_text token)
{
    const struct rebut_state *state = own->maker->state;
    if (token.size < TOKEN_LEAST)
        return false;
    if (memchr(token.data, '@', token.size) != NULL)
        return true;
    bool known = is_known(&state->buyer_ids, token, REBUT_INTERN_NONE) ||
                 is_known(&state->merchant_ids, token, own->merchant);
    for (int key = 0; key < REBUT_KEYS && !known; key++)
        known = is_known(&state->key_ids[key], token, REBUT_INTERN_NONE);
    return known;
}

/* The token at `at` without stops at its end. */
static struct rebut_text token_at(struct rebut_text text, size_t at)
{
    size_t end = at;
    while (end < text.size && in_token(text.data[end]))
        end++;
    while (end > at + 1 && (text.data[end - 1] == '.' || text.data[end - 1] == ':'))
        end--;
    return (struct rebut_text){text.data + at, end - at};
}

struct rebut_text rebut_pack_redact(struct pack_case *own, struct rebut_text text)
{
    if (text.data == NULL)
        return text;
    char *room = malloc(text.size * sizeof removed + 1);
    if (room == NULL)
        return (struct rebut_text){0};
    size_t used = 0, at = 0;
    while (at < text.size) {
        const bool fresh = at == 0 || !in_token(text.data[at - 1]);
        const bool starts = fresh && in_token(text.data[at]);
        const struct rebut_text token =
            starts ? token_at(text, at) : (struct rebut_text){text.data + at, 1};
        size_t skip = number_at(text, at);
        if (starts && names_somebody(own, token) && token.size > skip)
            skip = token.size;
        if (skip > 0) {
            memcpy(room + used, removed, sizeof removed - 1);
            used += sizeof removed - 1;
            own->text_removed++;
            at += skip;
        } else {
            room[used++] = text.data[at++];
        }
    }
    const struct rebut_text kept =
        rebut_pack_keep(own->pack, (struct rebut_text){room, used});
    free(room);
    return kept;
}
