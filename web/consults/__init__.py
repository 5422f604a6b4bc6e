"""The consult desk: mailed questions answered under a reviewer's eyes."""
