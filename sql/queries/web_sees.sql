-- Does a reviewer see request $1?  Its pack tells how it ended: not in a second review.
SELECT 1 FROM rebut.request_score AS s
 WHERE s.request_id = $1
   AND NOT EXISTS (SELECT FROM rebut.my_claims AS c WHERE c.request_id = $1 AND c.second)
