# A stream in which more of the events are scored: buyers without a refund-only request in it
# are left out, and of the others' orders without any request all but a share, each whole.
#     awk -F'"' -v keep=0.7 -f stream_thin.awk FILE FILE       (the same file twice)
function field(name,   i) {
    for (i = 2; i < NF; i += 2)
        if ($i == name && substr($(i + 1), 1, 1) == ":")
            return $(i + 2)
    return ""
}
FNR == 1 { pass++ }
pass == 1 && $4 == "order" { buyer[field("order_id")] = field("buyer_id") }
pass == 1 && $4 == "request" {
    order[field("request_id")] = field("order_id")
    disputed[field("order_id")] = 1
    if (/"kind":"refund_only"/)
        asks[buyer[field("order_id")]] = 1
}
pass == 1 || $4 == "price" { next }
{
    id = field("order_id")
    if (id == "")
        id = order[field("request_id")]
    if (!(buyer[id] in asks))
        next
    if (!(id in place))
        place[id] = ++places
    if (id in disputed || int(place[id] * keep) > int((place[id] - 1) * keep))
        print
}
