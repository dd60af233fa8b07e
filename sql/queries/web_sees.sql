-- Does a reviewer see request $1?
SELECT 1 FROM rebut.request_score WHERE request_id = $1
