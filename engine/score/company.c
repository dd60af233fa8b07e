#include "company.h"

#include <stdlib.h>

bool rebut_company_open(struct rebut_company *ret, const struct rebut_frame *frame,
                        struct rebut_error *err)
{
    *ret = (struct rebut_company){.frame = frame};
    ret->first = calloc(frame->buyers + (size_t)2, sizeof *ret->first);
    ret->groups = malloc((frame->group_members_count + (size_t)1) * sizeof *ret->groups);
    if (ret->first == NULL || ret->groups == NULL) {
        rebut_company_close(ret);
        return rebut_fail_memory(err, "accounts that share a key");
    }
    /* first[b + 2] counts, then sums; filling moves first[b + 1] to the end of b. */
    for (uint32_t i = 0; i < frame->group_members_count; i++)
        ret->first[frame->group_members[i] + 2]++;
    for (uint32_t b = 0; b < frame->buyers; b++)
        ret->first[b + 2] += ret->first[b + 1];
    for (uint32_t g = 0; g < frame->groups_count; g++)
        for (uint32_t i = 0; i < frame->groups[g].count; i++) {
            const uint32_t buyer = frame->group_members[frame->groups[g].first + i];
            ret->groups[ret->first[buyer + 1]++] = g;
        }
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_company, 24);
bool rebut_company_image(struct rebut_company *company, const struct rebut_frame *frame,
                         struct rebut_image *image, struct rebut_error *err)
{
    company->frame = frame;
    return REBUT_IMAGE_ROWS(image, "company firsts", company->first,
                            frame->buyers + (size_t)1, err) &&
           REBUT_IMAGE_ROWS(image, "company", company->groups, frame->group_members_count,
                            err);
}

void rebut_company_close(struct rebut_company *company)
{
    free(company->first);
    free(company->groups);
    *company = (struct rebut_company){0};
}

struct rebut_known rebut_known_of(const struct rebut_company *company, uint32_t buyer)
{
    return (struct rebut_known){.buyer = buyer,
                                .groups = company->groups + company->first[buyer],
                                .count =
                                    company->first[buyer + 1] - company->first[buyer]};
}

bool rebut_company_shared(const struct rebut_company *company,
                          const struct rebut_known *known, uint32_t other)
{
    if (known->buyer == other)
        return true;
    uint32_t i = 0, j = company->first[other];
    while (i < known->count && j < company->first[other + 1]) {
        if (known->groups[i] == company->groups[j])
            return true;
        if (known->groups[i] < company->groups[j])
            i++;
        else
            j++;
    }
    return false;
}
