#include "rebut/token.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SECRET_BYTES 32
#define SECRET_CHARACTERS 43 /* base64url without padding */

static void write_hash(const char *secret, struct rebut_token *token)
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)secret,
                       SECRET_CHARACTERS, NULL, 0);
    memcpy(token->hash, "\\x", 2);
    sodium_bin2hex(token->hash + 2, 65, hash, sizeof hash);
    /* With the secret as key: whoever knows only this cannot find the secret. */
    crypto_generichash(hash, sizeof hash, (const unsigned char *)"mark", 4,
                       (const unsigned char *)secret, SECRET_CHARACTERS);
    sodium_bin2base64(token->mark, sizeof token->mark, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(hash, sizeof hash);
}

bool rebut_token_make(const char *prefix, struct rebut_token *ret,
                      struct rebut_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char dice[SECRET_BYTES];
    char secret[SECRET_CHARACTERS + 1];
    if (sodium_init() < 0)
        return rebut_fail(err, REBUT_EIO, "no random bytes from the system");
    *ret = (struct rebut_token){0};
    for (int i = 0; i < 12; i++)
        ret->id[i] = letters[randombytes_uniform(sizeof letters - 1)];
    randombytes_buf(dice, sizeof dice);
    sodium_bin2base64(secret, sizeof secret, dice, sizeof dice,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(ret->text, sizeof ret->text, "%s_%s_%s", prefix, ret->id, secret);
    write_hash(secret, ret);
    sodium_memzero(dice, sizeof dice), sodium_memzero(secret, sizeof secret);
    return true;
}

bool rebut_token_read(const char *prefix, struct rebut_text text, struct rebut_token *ret)
{
    const size_t begin = strlen(prefix) + 1;
    *ret = (struct rebut_token){0};
    if (text.size != begin + 12 + 1 + SECRET_CHARACTERS ||
        memcmp(text.data, prefix, begin - 1) != 0 || text.data[begin - 1] != '_' ||
        text.data[begin + 12] != '_')
        return false;
    for (size_t i = begin; i < begin + 12; i++) {
        const char c = text.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    }
    for (size_t i = begin + 13; i < text.size; i++) {
        const char c = text.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    memcpy(ret->id, text.data + begin, 12);
    write_hash(text.data + begin + 13, ret);
    return true;
}

const char *rebut_token_scopes(const char *role)
{
    static const struct {
        const char *role, *scopes;
    } roles[] = {
        {"reviewer", "queue:read cases:read cases:write buyers:read merchants:read "
                     "models:read summary:read score:make"},
        {"senior", "queue:read cases:read cases:write buyers:read merchants:read "
                   "models:read summary:read score:make"},
        {"merchant", "cases:read merchants:read appeals:write"},
        {"auditor", "cases:read audit:read models:read summary:read"},
        {"admin", "queue:read cases:read cases:write buyers:read merchants:read "
                  "models:read summary:read audit:read events:write score:make"},
    };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i].role, role) == 0)
            return roles[i].scopes;
    return NULL;
}

bool rebut_token_has_scope(const char *scopes, const char *scope)
{
    const size_t size = strlen(scope);
    for (const char *at = scopes; *at != '\0';) {
        const char *end = strchrnul(at, ' ');
        if ((size_t)(end - at) == size && memcmp(at, scope, size) == 0)
            return true;
        at = *end == '\0' ? end : end + 1;
    }
    return false;
}
