"""Guards course modules while another tool runs over them: what it damages is put back."""
