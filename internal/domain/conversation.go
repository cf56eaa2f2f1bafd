package domain

// Conversation is one account's view of the direct posts of one thread among
// one set of people (behaviours 11.8).
type Conversation struct {
	ID           ID
	Account      ID
	Thread       ID   // Status.Conversation
	Participants []ID // ascending, the account itself left out unless alone
	LastStatus   ID
	Unread       bool
}
