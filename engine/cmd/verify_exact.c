#include "verify_exact.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct exact {
    const char *folder, *path;
    bool in_folder; /* path is one */
    const enum rebut_language *language;
    struct exact_account *account;
};

static const char *words_of(enum rebut_edition_match match, bool english)
{
    static const char *const words[REBUT_EDITION_MATCHES][2] = {
        [REBUT_EDITION_NOT_SHOP] = {"不是店铺版", "is no shop's edition"},
        [REBUT_EDITION_NOT_PLATFORM] =
            {"所给的精确版不是平台版", "what is given as exact is no platform's edition"},
        [REBUT_EDITION_OTHER] = {"其哈希属于另一份精确版",
                                 "carries the hash of another exact edition"},
        [REBUT_EDITION_ALTERED] =
            {"哈希相符，但取整后得不到这份材料",
             "carries its hash, and rounding it makes another pack"},
    };
    return words[match][english];
}

static void tell(const struct exact *exact, const char *name, const char *words)
{
    const bool english = exact->language != NULL && *exact->language == REBUT_ENGLISH;
    exact->account->wrong++;
    if (exact->language != NULL)
        printf(english ? "%s: %s\n" : "%s：%s\n", name, words);
}

static bool check_one(const struct exact *exact, const char *name,
                      struct rebut_error *err)
{
    char shop[4400], other[4400];
    enum rebut_edition_match match = REBUT_EDITION_FITS;
    struct rebut_error cause = {0};
    const bool english = exact->language != NULL && *exact->language == REBUT_ENGLISH;
    snprintf(shop, sizeof shop, "%s/%s", exact->folder, name);
    if (exact->in_folder)
        snprintf(other, sizeof other, "%s/%s", exact->path, name);
    else
        snprintf(other, sizeof other, "%s", exact->path);
    exact->account->checked++;
    if (!rebut_pack_edition_match(shop, other, &match, &cause)) {
        if (cause.code == REBUT_ENOMEM)
            return rebut_fail(err, REBUT_ENOMEM, "%s", cause.message);
        tell(exact, name, cause.message);
    } else if (match != REBUT_EDITION_FITS) {
        tell(exact, name, words_of(match, english));
    }
    return true;
}

static bool is_pack(const char *name)
{
    const size_t size = strlen(name);
    return strncmp(name, "pack-", 5) == 0 && size > 10 &&
           strcmp(name + size - 5, ".json") == 0;
}

static int is_listed(const struct dirent *entry)
{
    return is_pack(entry->d_name);
}

static bool check_all(const struct exact *exact, struct rebut_error *err)
{
    struct dirent **list = NULL;
    const int count = scandir(exact->folder, &list, is_listed, alphasort);
    if (count < 0)
        return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", exact->folder,
                          strerror(errno));
    bool ok = true;
    for (int i = 0; i < count; i++) {
        ok = ok && check_one(exact, list[i]->d_name, err);
        free(list[i]);
    }
    free(list);
    return ok;
}

bool verify_exact(const char *folder, const char *only, const char *exact_path,
                  const enum rebut_language *language, struct exact_account *ret,
                  struct rebut_error *err)
{
    struct stat there;
    const struct exact exact = {.folder = folder,
                                .path = exact_path,
                                .in_folder = stat(exact_path, &there) == 0 &&
                                             S_ISDIR(there.st_mode),
                                .language = language,
                                .account = ret};
    const bool english = language != NULL && *language == REBUT_ENGLISH;
    if (only != NULL ? !check_one(&exact, only, err) : !check_all(&exact, err))
        return false;
    if (ret->checked == 0)
        tell(&exact, folder, english ? "no pack to check" : "没有可核对的材料");
    if (language != NULL)
        printf(english ? "exact edition: %u packs checked, %u do not fit\n"
                       : "精确版：核对 %u 份，不符 %u 份\n",
               ret->checked, ret->wrong);
    return true;
}
