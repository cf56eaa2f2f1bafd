-- How many people here used the community, by day since the epoch: counted when
-- somebody is seen for the first time on one, so that it is not kept who.
CREATE TABLE active_days (
  day    BIGINT PRIMARY KEY,
  people BIGINT NOT NULL
);
INSERT INTO active_days (day, people)
  SELECT s.created_at / 86400000, COUNT(DISTINCT s.account_id) FROM statuses s WHERE s.local GROUP BY s.created_at / 86400000;
