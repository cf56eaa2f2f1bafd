package domain

import (
	"strings"
	"time"
)

// Role names what a login may do beyond its own account: one of the four that
// are always there, or the id of one that the community made.
type Role string

const (
	RoleUser      Role = "user" // of everyone; what it may do, all others may too
	RoleModerator Role = "moderator"
	RoleAdmin     Role = "admin"
	RoleOwner     Role = "owner"
)

// BuiltIn reports whether r is one of the four roles that are always there.
func (r Role) BuiltIn() bool {
	return r == RoleUser || r == RoleModerator || r == RoleAdmin || r == RoleOwner
}

// RoleDetails is a role as the store keeps it. Somebody may act on people
// whose role stands below the own one, and on nobody else of the staff.
type RoleDetails struct {
	ID          ID // -99 for everyone's, as in Mastodon
	Key         Role
	Name        string
	Color       string // #rrggbb or ""
	Position    int    // staff stands above 0
	Permissions Permissions
	Highlighted bool // shown on profiles
	// RequiresFactor has its people sign in with a second factor, and everybody
	// where it is everyone's role.
	RequiresFactor bool
	CreatedAt      time.Time
}

// Bounds of the roles that a community makes: above everyone's, below the owner's.
const (
	LeastPosition = 1
	MostPosition  = 999
	MaxRoleName   = 50
)

// Staff reports whether the role looks after the community.
func (r *RoleDetails) Staff() bool { return r.Position > 0 }

// May reports whether the role has any of the permissions.
func (r *RoleDetails) May(any Permissions) bool { return r.Permissions.Any(any) }

// Permissions is a set of what a role may do, with the bits that clients know
// from Mastodon.
type Permissions uint64

const (
	MayAdministrate Permissions = 1 << iota // all of the others
	MayViewDevops
	MayViewAuditLog
	MayViewDashboard
	MayManageReports
	MayManageFederation
	MayManageSettings
	MayManageBlocks
	MayManageTaxonomies
	MayManageAppeals
	MayManageUsers
	MayManageInvites
	MayManageRules
	MayManageAnnouncements
	MayManageEmojis
	MayManageWebhooks
	MayInvite
	MayManageRoles
	MayManageUserAccess
	MayDeleteUserData
	MayViewFeeds
	MayInviteUnasked

	AllPermissions = MayInviteUnasked<<1 - 1
)

// permissionNames are the words for the bits, in their order.
var permissionNames = [...]string{
	"administrator", "view_devops", "view_audit_log", "view_dashboard", "manage_reports", "manage_federation", "manage_settings",
	"manage_blocks", "manage_taxonomies", "manage_appeals", "manage_users", "manage_invites", "manage_rules", "manage_announcements",
	"manage_custom_emojis", "manage_webhooks", "invite_users", "manage_roles", "manage_user_access", "delete_user_data", "view_feeds",
	"invite_bypass_approval",
}

// Effective is what the set comes to: an administrator may do everything.
func (p Permissions) Effective() Permissions {
	if p&MayAdministrate != 0 {
		return AllPermissions
	}
	return p
}

// Any reports whether one of want is in the set.
func (p Permissions) Any(want Permissions) bool { return p.Effective()&want != 0 }

// String is the set in words, space separated.
func (p Permissions) String() string {
	var words []string
	for i, name := range permissionNames {
		if p&(1<<i) != 0 {
			words = append(words, name)
		}
	}
	return strings.Join(words, " ")
}

// ParsePermissions reads words separated by white space or commas; an unknown
// one is Invalid.
func ParsePermissions(text string) (Permissions, error) {
	var p Permissions
next:
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		for i, name := range permissionNames {
			if name == word {
				p |= 1 << i
				continue next
			}
		}
		return 0, Errorf(Invalid, "There is no permission %q; there are %s.", word, strings.Join(permissionNames[:], ", "))
	}
	return p, nil
}
