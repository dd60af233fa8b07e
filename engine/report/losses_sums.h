/* Sums of losses, part by part; losses_*.c share them. */
#ifndef REBUT_REPORT_LOSSES_SUMS_H
#define REBUT_REPORT_LOSSES_SUMS_H

#include "rebut/losses_parts.h"

/* Half the width of a 90 % interval in standard deviations. */
#define LOSS_NORMAL_90 1.6448536269514722
#define LOSS_MICRO INT64_C(1000000) /* in a fen */

/* The decimal digits of what is not negative; somewhere within ret_text. */
#define LOSS_DIGITS 40
const char *loss_digits(rebut_total number, char ret_text[LOSS_DIGITS]);

void loss_part_add(struct rebut_loss_part *to, const struct rebut_loss_part *from);
void loss_sum_add(struct rebut_loss_sum *to, const struct rebut_loss_sum *from);
/* Put a row into `few` or `rest`: its sums, and one group more. */
void loss_row_add(struct rebut_loss_row *to, const struct rebut_loss_row *from);
struct rebut_loss_sum loss_sum_of(const struct rebut_loss_split *split);
struct rebut_loss_part loss_piece_of(const struct rebut_loss_split *split, int piece);
struct rebut_loss_ratio loss_ratio(double a, double n, double b, double m);
struct rebut_loss_part loss_saving(const struct rebut_loss_part *sum,
                                   const struct rebut_loss_ratio *ratio);

/* Is the order's, the claim's merchant one of the report's? */
static inline bool loss_in_scope(const struct rebut_losses *losses, uint32_t merchant)
{
    return losses->merchant_index == REBUT_NONE || losses->merchant_index == merchant;
}
static inline bool loss_is_recent(const struct rebut_losses *losses,
                                  const struct rebut_order *order)
{
    return order->at >= losses->since;
}

/* Each fills its part of the report (rebut/losses.h). */
REBUT_MUST_CHECK bool loss_fill_tables(struct rebut_losses *losses,
                                       const struct rebut_loss_split *splits,
                                       struct rebut_error *err);
REBUT_MUST_CHECK bool loss_find_rises(struct rebut_losses *losses,
                                      const struct rebut_loss_split *splits,
                                      struct rebut_error *err);
REBUT_MUST_CHECK bool loss_compare_sessions(struct rebut_losses *losses,
                                            struct rebut_error *err);
REBUT_MUST_CHECK bool loss_compare_peers(struct rebut_losses *losses,
                                         struct rebut_error *err);
void loss_count_pairs(struct rebut_losses *losses);

#endif
