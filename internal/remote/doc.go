// Package remote mirrors strangers: it finds actors and posts of other
// servers, checks whose word they are, cleans and stores them, and keeps them
// fresh. It also describes what is ours to other servers. Level 4: the
// services and surfaces above it and instance import it.
//
// What it promises: nothing is stored that its own host did not say (SEC-01,
// SEC-02); nothing is fetched from a blocked host; concurrent look-ups of one
// thing make one request and one row. A Service is safe for concurrent use.
package remote
