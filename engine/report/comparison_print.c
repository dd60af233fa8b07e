/* The comparison as a table for a person, and as JSON for a program. */
#include <math.h>

#include "json_value.h"
#include "rebut/comparison.h"
#include "rebut/table.h"
#include "rebut/time.h"

#define NAME_WIDTH 36

enum word {
    TITLE,
    AS_OF,
    SINCE,
    REQUESTS,
    KNOWN,
    ABUSE,
    BEFORE,
    DISPUTED,
    SEEN,
    CHAMPION,
    CHALLENGER,
    DIFFERENCE,
    INTERVAL,
    MODEL,
    FITTED,
    AUC,
    AP,
    ECE,
    BRIER,
    ONE_CLASS,
    SPEARMAN,
    KENDALL,
    CHANGES,
    ANSWERS,
    MOVED,
    REQUEST,
    RANK,
    WORDS
};

/* [word][English, Chinese] */
static const char *const words[WORDS][2] = {
    [TITLE] = {"Challenger against champion, on the same events",
               "挑战模型与现行模型，同一批事件"},
    [AS_OF] = {"scored as of", "评分时点"},
    [SINCE] = {"judged by verdicts after", "用此后的结论评判"},
    [REQUESTS] = {"requests", "申请数"},
    [KNOWN] = {"whose truth is known", "其中真相已知"},
    [ABUSE] = {"  abuse", "  滥用"},
    [BEFORE] = {"judged before (left out)", "此前已有结论（不用）"},
    [DISPUTED] = {"reviewers divided (left out)", "复核员意见相持（不用）"},
    [SEEN] = {"a model was fitted to events after that time: it may know what judges it",
              "有模型用到了该时点之后的事件：它可能已知评判它的结论"},
    [CHAMPION] = {"champion", "现行"},
    [CHALLENGER] = {"challenger", "挑战"},
    [DIFFERENCE] = {"difference", "差"},
    [INTERVAL] = {"95% interval", "95% 区间"},
    [MODEL] = {"model", "模型"},
    [FITTED] = {"fitted as of", "拟合时点"},
    [AUC] = {"AUC", "AUC"},
    [AP] = {"average precision", "平均精确率"},
    [ECE] = {"calibration error (10 bins)", "校准误差（10 组）"},
    [BRIER] = {"Brier score", "Brier 分数"},
    [ONE_CLASS] = {"AUC and average precision need both abuse and honest requests",
                   "AUC 与平均精确率需要同时有滥用和诚信的申请"},
    [SPEARMAN] = {"rankings agree (Spearman)", "排序一致性（Spearman）"},
    [KENDALL] = {"rankings agree (Kendall)", "排序一致性（Kendall）"},
    [CHANGES] = {"requests with another answer", "答复改变的申请"},
    [ANSWERS] = {"champion's answer (down), challenger's (across)",
                 "现行的答复（行），挑战的答复（列）"},
    [MOVED] = {"Requests that moved most", "变动最大的申请"},
    [REQUEST] = {"request", "申请"},
    [RANK] = {"rank", "名次"},
};

struct printer {
    struct rebut_output *out;
    enum rebut_language language;
};

static const char *word(const struct printer *to, enum word which)
{
    return words[which][to->language == REBUT_CHINESE];
}

static void name(const struct printer *to, enum word which)
{
    rebut_output_padded(to->out, word(to, which), NAME_WIDTH);
}

static void print_count(const struct printer *to, enum word which, size_t count)
{
    name(to, which);
    rebut_output_print(to->out, "%10zu\n", count);
}

static void print_time(const struct printer *to, enum word which, int64_t time)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(time, 0, text);
    name(to, which);
    rebut_output_print(to->out, "%s\n", text);
}

static void print_row(const struct printer *to, enum word which, double champion,
                      double challenger, const struct rebut_difference *difference)
{
    name(to, which);
    if (!isfinite(champion) || !isfinite(challenger)) {
        rebut_output_print(to->out, "%12s%12s\n", "-", "-");
        return;
    }
    rebut_output_print(to->out, "%12.4f%12.4f%+12.4f", champion, challenger,
                       challenger - champion);
    if (difference != NULL)
        rebut_output_print(to->out, "  %+8.4f ..%+8.4f", difference->range.low,
                           difference->range.high);
    rebut_output_print(to->out, "\n");
}

static void print_models(const struct printer *to, const struct rebut_comparison *it)
{
    for (int side = 0; side < REBUT_SIDES; side++) {
        char text[REBUT_TIME_SIZE];
        rebut_time_format(it->side[side].as_of, 0, text);
        name(to, side == REBUT_CHAMPION ? CHAMPION : CHALLENGER);
        rebut_output_print(to->out, "%s  %s %s\n", it->side[side].version,
                           word(to, FITTED), text);
    }
}

static void print_figures(const struct printer *to, const struct rebut_comparison *it)
{
    const struct rebut_comparison_side *a = &it->side[REBUT_CHAMPION];
    const struct rebut_comparison_side *b = &it->side[REBUT_CHALLENGER];
    rebut_output_print(to->out, "\n");
    rebut_output_padded(to->out, "", NAME_WIDTH);
    rebut_output_padded(to->out, word(to, CHAMPION), -12);
    rebut_output_padded(to->out, word(to, CHALLENGER), -12);
    rebut_output_padded(to->out, word(to, DIFFERENCE), -12);
    rebut_output_padded(to->out, word(to, INTERVAL), -21);
    rebut_output_print(to->out, "\n");
    print_row(to, AUC, a->auc, b->auc, &it->auc);
    print_row(to, AP, a->ap, b->ap, &it->ap);
    print_row(to, ECE, a->ece, b->ece, NULL);
    print_row(to, BRIER, a->brier, b->brier, NULL);
    if (!it->both_classes)
        rebut_output_print(to->out, "%s\n", word(to, ONE_CLASS));
}

static void print_changes(const struct printer *to, const struct rebut_comparison *it)
{
    rebut_output_print(to->out, "\n");
    name(to, SPEARMAN);
    rebut_output_print(to->out, "%12.4f\n", it->agreement.spearman);
    name(to, KENDALL);
    rebut_output_print(to->out, "%12.4f\n", it->agreement.kendall);
    print_count(to, CHANGES, it->changes);
    rebut_output_print(to->out, "\n%s\n", word(to, ANSWERS));
    rebut_output_padded(to->out, "", NAME_WIDTH);
    for (int i = 0; i < REBUT_ANSWERS; i++)
        rebut_output_padded(to->out, rebut_words_answer[i], -20);
    for (int i = 0; i < REBUT_ANSWERS; i++) {
        rebut_output_print(to->out, "\n");
        rebut_output_padded(to->out, rebut_words_answer[i], NAME_WIDTH);
        for (int j = 0; j < REBUT_ANSWERS; j++)
            rebut_output_print(to->out, "%20zu", it->changed[i][j]);
    }
    rebut_output_print(to->out, "\n");
}

static void print_moved(const struct printer *to, const struct rebut_comparison *it)
{
    rebut_output_print(to->out, "\n%s\n", word(to, MOVED));
    name(to, REQUEST);
    rebut_output_padded(to->out, word(to, CHAMPION), -12);
    rebut_output_padded(to->out, word(to, RANK), -8);
    rebut_output_padded(to->out, word(to, CHALLENGER), -12);
    rebut_output_padded(to->out, word(to, RANK), -8);
    rebut_output_print(to->out, "\n");
    for (size_t i = 0; i < it->moved_count; i++) {
        const struct rebut_compared *moved = &it->list.data[it->moved[i]];
        rebut_output_print(to->out, "%-*.*s", NAME_WIDTH, (int)moved->request_id.size,
                           moved->request_id.data);
        for (int side = 0; side < REBUT_SIDES; side++)
            rebut_output_print(to->out, "%12.4f%8u", moved->probability[side],
                               (unsigned)moved->rank[side]);
        rebut_output_print(to->out, "  %s -> %s\n",
                           rebut_words_answer[moved->answer[REBUT_CHAMPION]],
                           rebut_words_answer[moved->answer[REBUT_CHALLENGER]]);
    }
}

bool rebut_comparison_print(const struct rebut_comparison *it,
                            enum rebut_language language, struct rebut_output *out)
{
    const struct printer to = {out, language};
    rebut_output_print(out, "%s\n\n", word(&to, TITLE));
    print_models(&to, it);
    print_time(&to, AS_OF, it->as_of);
    if (!it->from_file)
        print_time(&to, SINCE, it->since);
    print_count(&to, REQUESTS, it->list.count);
    print_count(&to, KNOWN, it->known);
    print_count(&to, ABUSE, it->abuse);
    print_count(&to, BEFORE, it->before);
    print_count(&to, DISPUTED, it->disputed);
    if (it->seen)
        rebut_output_print(out, "%s\n", word(&to, SEEN));
    print_figures(&to, it);
    print_changes(&to, it);
    print_moved(&to, it);
    return out->cause == 0;
}

static void json_difference(struct rebut_output *out, const char *key,
                            const struct rebut_difference *it)
{
    rebut_output_print(out, ",\"%s\":{\"difference\":", key);
    rebut_output_double(out, it->value);
    json_interval(out, "low", "high", it->range);
    rebut_output_print(out, "}");
}

static void json_side(struct rebut_output *out, const char *key,
                      const struct rebut_comparison_side *side)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(side->as_of, 0, text);
    rebut_output_print(out, ",\"%s\":{\"model\":\"%s\",\"fitted_as_of\":\"%s\"", key,
                       side->version, text);
    json_value(out, "auc", side->auc);
    json_value(out, "ap", side->ap);
    json_value(out, "ece", side->ece);
    json_value(out, "brier", side->brier);
    rebut_output_print(out, "}");
}

static void json_changes(struct rebut_output *out, const struct rebut_comparison *it)
{
    rebut_output_print(out, ",\"answers_changed\":%zu,\"answers\":{", it->changes);
    for (int i = 0; i < REBUT_ANSWERS; i++)
        for (int j = 0; j < REBUT_ANSWERS; j++)
            rebut_output_print(out, "%s\"%s>%s\":%zu", i + j == 0 ? "" : ",",
                               rebut_words_answer[i], rebut_words_answer[j],
                               it->changed[i][j]);
    rebut_output_print(out, "},\"moved\":[");
    for (size_t i = 0; i < it->moved_count; i++) {
        const struct rebut_compared *moved = &it->list.data[it->moved[i]];
        rebut_output_print(out, "%s{\"request_id\":", json_between(i));
        rebut_output_json(out, moved->request_id);
        json_value(out, "champion", moved->probability[REBUT_CHAMPION]);
        json_value(out, "challenger", moved->probability[REBUT_CHALLENGER]);
        rebut_output_print(out, ",\"ranks\":[%u,%u],\"answers\":[\"%s\",\"%s\"]}",
                           (unsigned)moved->rank[REBUT_CHAMPION],
                           (unsigned)moved->rank[REBUT_CHALLENGER],
                           rebut_words_answer[moved->answer[REBUT_CHAMPION]],
                           rebut_words_answer[moved->answer[REBUT_CHALLENGER]]);
    }
    rebut_output_print(out, "]");
}

bool rebut_comparison_json(const struct rebut_comparison *it, struct rebut_output *out)
{
    char as_of[REBUT_TIME_SIZE], since[REBUT_TIME_SIZE];
    rebut_time_format(it->as_of, 0, as_of);
    rebut_time_format(it->since, 0, since);
    rebut_output_print(out,
                       "{\"as_of\":\"%s\",\"since\":\"%s\",\"truth\":\"%s\",\"seen\":%s,"
                       "\"requests\":%zu,\"known\":%zu,\"abuse\":%zu,"
                       "\"judged_before\":%zu,\"disputed\":%zu",
                       as_of, since, it->from_file ? "file" : "verdicts",
                       it->seen ? "true" : "false", (size_t)it->list.count, it->known,
                       it->abuse, it->before, it->disputed);
    json_side(out, "champion", &it->side[REBUT_CHAMPION]);
    json_side(out, "challenger", &it->side[REBUT_CHALLENGER]);
    json_difference(out, "auc", &it->auc);
    json_difference(out, "ap", &it->ap);
    json_value(out, "ece_difference",
               it->side[REBUT_CHALLENGER].ece - it->side[REBUT_CHAMPION].ece);
    json_value(out, "brier_difference",
               it->side[REBUT_CHALLENGER].brier - it->side[REBUT_CHAMPION].brier);
    json_value(out, "spearman", it->agreement.spearman);
    json_value(out, "kendall", it->agreement.kendall);
    json_changes(out, it);
    return rebut_output_print(out, "}\n");
}
